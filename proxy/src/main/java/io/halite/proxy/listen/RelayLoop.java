package io.halite.proxy.listen;

import io.halite.proxy.accesslog.RelayLog;
import io.halite.proxy.http.HttpLoop;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.upstream.LoopUpstreams;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A relay loop with all that its listeners share.
 *
 * @param log of what is relayed; null for none
 */
public record RelayLoop(Loop loop, LoopUpstreams upstreams, HttpLoop http, @Nullable RelayLog log) {
    private static final long PATIENCE_SECONDS = 30;

    /** Has the loop's thread compute something and waits for it. */
    <T> T ask(Callable<T> question) throws ExecutionException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(question);
        loop.execute(task);
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            throw new ExecutionException("relay loop " + loop.index() + " does not answer", stuck);
        }
    }
}
