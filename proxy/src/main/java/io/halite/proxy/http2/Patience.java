package io.halite.proxy.http2;

import io.halite.proxy.relay.Loop;

/** How much a client may ask that serves no request: five hundred at once, and a hundred a second. */
final class Patience {
    private static final int MOST = 500;
    private static final long NANOS_EACH = 10_000_000;

    private final Loop loop;
    private long left = MOST;
    private long since;

    Patience(Loop loop) {
        this.loop = loop;
        since = loop.now();
    }

    /** One more; an error when it was one too many. */
    void spend() throws Http2Problem {
        long earned = (loop.now() - since) / NANOS_EACH;
        since += earned * NANOS_EACH;
        left = Math.min(MOST, left + earned) - 1;
        if (left < 0) {
            throw new Http2Problem(Http2Problem.ENHANCE_YOUR_CALM, "too much that serves no request");
        }
    }
}
