package io.halite.dns.transport;

import io.halite.config.Ticker;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The processor time that all TCP clients together may take: a quarter of a core, which answers more than a hundred thousand
 * queries a second. A virtual thread that never waits keeps its carrier from all others, and a client who always has
 * more to ask leaves it nothing to wait for; without this, forty connections kept the threads of the peers and of the
 * health checks from running for eight seconds. Safe for use by many threads.
 */
final class StreamAllowance {
    /** A core's time for each part of it that may be taken. */
    private static final int CORE_PER_PART = 4;
    /** How much of a core's time may have been taken ahead before anybody waits. */
    private static final long AHEAD_NANOS = 20_000_000;

    private final Ticker ticker;
    /** The time at which all that was taken so far has been earned. */
    private final AtomicLong earned;

    StreamAllowance(Ticker ticker) {
        this.ticker = ticker;
        earned = new AtomicLong(ticker.nanos());
    }

    /**
     * Takes processor time that has been used.
     *
     * @return nanoseconds to wait before more is used; 0 for none
     */
    long take(long nanos) {
        long now = ticker.nanos();
        long until = earned.accumulateAndGet(nanos * CORE_PER_PART,
                (before, more) -> (before - now > 0 ? before : now) + more);
        return Math.max(0, until - now - AHEAD_NANOS);
    }
}
