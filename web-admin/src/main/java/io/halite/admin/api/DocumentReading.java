package io.halite.admin.api;

import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.ConfigDocument.Outcome;
import io.halite.config.document.DocumentRules;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reads documents from calls, large ones one at a time: one of 16 MiB takes some 200 MiB of memory while it is read,
 * and a node has little. Safe for use by many threads.
 */
final class DocumentReading {
    private static final int LARGE = 256 << 10;
    private static final long WAIT_SECONDS = 30;

    private final Semaphore large = new Semaphore(1, true);

    Outcome read(Call call, DocumentRules rules) {
        return bounded(call, text -> ConfigDocument.read(text, rules));
    }

    Tree tree(Call call) {
        return bounded(call, text -> Call.tree(text, TreeLimits.DOCUMENT));
    }

    private <T> T bounded(Call call, Function<byte[], T> reader) {
        boolean small = call.contentLength() >= 0 && call.contentLength() <= LARGE;
        if (small) {
            return reader.apply(call.document(TreeLimits.DOCUMENT));
        }
        try {
            if (!large.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw ApiProblem.of(503, "BUSY", "other large documents are being read", "try again")
                        .with("Retry-After", "5");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiProblem.of(503, "STOPPING", "the node is stopping", "try another node");
        }
        try {
            return reader.apply(call.document(TreeLimits.DOCUMENT));
        } finally {
            large.release();
        }
    }
}
