package io.halite.proxy.http;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.IoBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it comes from the client: where it ends, what may not be in it, and each piece on to the target.
 * Reused from request to request; confined to the thread of its loop.
 */
final class RequestBody {
    private static final long HALF_CLOSE_NANOS = 500_000_000;

    private final HttpLoop http;
    private final Exchange exchange;
    private final BodyScanner scanner = new BodyScanner();
    /** When the last byte of the request came so far. */
    private long receivedNanos;

    RequestBody(HttpLoop http, Exchange exchange) {
        this.http = http;
        this.exchange = exchange;
    }

    void clear() {
        scanner.none();
    }

    /** What came behind the head; the position behind the bytes that belong to this request. */
    int begin(byte[] bytes, int from, int end) {
        if (exchange.request.chunked) {
            scanner.chunked();
        } else {
            scanner.length(Math.max(0, exchange.request.contentLength));
        }
        receivedNanos = http.loop().now();
        return scanner.scan(bytes, from, end);
    }

    boolean isComplete() {
        return scanner.isDone();
    }

    /** Bytes of its content so far. */
    long contentBytes() {
        return scanner.contentBytes();
    }

    /** Why it is refused, as far as it came; null when it is not. */
    @Nullable Reason problem() {
        long limit = exchange.listener().limits().body();
        if (scanner.hasFailed()) {
            return scanner.isFramedByTrailer() ? Reason.FORBIDDEN_TRAILER : Reason.BAD_CHUNK;
        }
        return exchange.request.contentLength > limit || scanner.contentBytes() > limit ? Reason.BODY_TOO_LARGE : null;
    }

    /** Where ends what a target gets of the bytes that came last: all of them, save trailers that may not pass. */
    int passedOn(byte[] bytes) {
        return scanner.passOn(bytes, exchange.effects().requestHeaders());
    }

    /**
     * The client sends no more: whether it has left. One that only closes its sending side does so right behind its
     * request; one that does it later, as it waits, does not want the answer any more.
     */
    boolean isForsaken() {
        return scanner.isDone() && http.loop().now() - receivedNanos > HALF_CLOSE_NANOS;
    }

    /** The client sent something: reads more, unless the body is complete and what came is not for this request. */
    boolean read() {
        if (scanner.isDone()) {
            return false;
        }
        ClientConnection client = exchange.client();
        IoBuffer input = http.loop().input();
        int got = client.wire().read(input, 0, http.loop().buffers().piece());
        if (got > 0) {
            client.listener().counters().received(got);
            pass(input, got);
        } else if (got == Connection.END) {
            client.reader().end();
            cutShort();
        } else if (got == Connection.BROKEN) {
            client.left();
        }
        return true;
    }

    /** A client that has begun to hear the answer may well stop here: no offence, but no end in good order either. */
    private void cutShort() {
        if (exchange.isResponding()) {
            exchange.cut(Reason.BODY_CUT_SHORT);
        } else {
            exchange.refuse(Reason.BODY_CUT_SHORT);
        }
    }

    private void pass(IoBuffer input, int got) {
        int end = scanner.scan(input.bytes(), 0, got);
        Reason wrong = problem();
        if (wrong != null) {
            exchange.refuse(wrong);
            return;
        }
        receivedNanos = http.loop().now();
        exchange.client().reader().hold(input.bytes(), end, got);
        exchange.silence().bodyCame(got);
        exchange.attempt().relayBody(input, passedOn(input.bytes()));
    }
}
