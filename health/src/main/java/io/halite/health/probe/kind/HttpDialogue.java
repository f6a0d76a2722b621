package io.halite.health.probe.kind;

import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Asks by one request and judges the answer by what the check expects. */
final class HttpDialogue implements Dialogue {
    static final int MAX_BODY = 64 << 10;
    private static final ProbeResult OK = ProbeResult.passed("answered 200");

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
        return body == null || answer.searchBody(bytes, body, MAX_BODY) ? judgeBody() : null;
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
        int status = answer.status();
        if (!prober.accepts(status)) {
            return new Failed(Reason.RESPONSE_CODE_MISMATCH,
                    "answered " + status + " where " + prober.expected() + " is expected");
        }
        String body = prober.check().body();
        if (body == null) {
            return passed();
        }
        if (prober.check().method().equals("HEAD") || status == 204 || status == 304) {
            return mismatch();
        }
        attempt.phase("reading the body");
        search = new TextSearch(body);
        return null;
    }

    private ProbeResult judgeBody() {
        return search != null && search.isFound() ? passed() : mismatch();
    }

    private ProbeResult passed() {
        return answer.status() == 200 ? OK : ProbeResult.passed("answered " + answer.status());
    }

    private ProbeResult mismatch() {
        return new Failed(Reason.RESPONSE_BODY_MISMATCH, "answered " + answer.status() + ", but the first "
                + answer.bodyBytes() + " bytes of the body lack the expected text");
    }
}
