package io.halite.health.probe.kind;

import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Asks by one request and judges the answer by what the check expects. */
final class HttpDialogue implements Dialogue {
    private final HttpProber prober;
    private final Attempt attempt;
    private final HttpAnswer answer = new HttpAnswer();
    private @Nullable TextSearch search;

    HttpDialogue(HttpProber prober, Attempt attempt) {
        this.prober = prober;
        this.attempt = attempt;
    }

    @Override
    public byte[] opening() {
        return prober.opening();
    }

    @Override
    public @Nullable ProbeResult opened() {
        attempt.phase("awaiting the response");
        return null;
    }

    @Override
    public @Nullable ProbeResult heard(ByteBuffer bytes) throws IOException {
        if (search == null) {
            if (!answer.readHead(bytes)) {
                return null;
            }
            ProbeResult byHead = judgeHead();
            if (byHead != null) {
                return byHead;
            }
        }
        TextSearch body = search;
        return body == null || answer.searchBody(bytes, body, HttpExpectation.MAX_BODY) ? judgeBody() : null;
    }

    @Override
    public ProbeResult ended() throws IOException {
        if (search == null || !answer.mayEndHere()) {
            throw new EOFException();
        }
        return judgeBody();
    }

    /** The result, or null when the body decides. */
    private @Nullable ProbeResult judgeHead() {
        if (!answer.isHttp()) {
            return new Failed(Reason.INVALID_RESPONSE, "the answer is not HTTP/1.x");
        }
        ProbeResult byHead = prober.expectation().byHead(answer.status());
        if (byHead == null) {
            attempt.phase("reading the body");
            search = prober.expectation().search();
        }
        return byHead;
    }

    private ProbeResult judgeBody() {
        return prober.expectation().byBody(answer.status(), search != null && search.isFound(), answer.bodyBytes());
    }
}
