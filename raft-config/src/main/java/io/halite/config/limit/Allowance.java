package io.halite.config.limit;

import io.halite.config.Ticker;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The processor time that clients of a kind may take together: a quarter of a core. A virtual thread that never waits keeps
 * its carrier from all others, and a client who always has more to ask leaves its thread nothing to wait for: forty
 * connections kept the threads of the peers and of the health checks from running for eight seconds. (To yield is no
 * help: whoever yields runs again before those who were woken.) Safe for use by many threads.
 */
public final class Allowance {
    /** A core's time for each part of it that may be taken. */
    private static final int CORE_PER_PART = 4;
    /** How much of a core's time may have been taken ahead before anybody waits. */
    private static final long AHEAD_NANOS = 20_000_000;

    private final Ticker ticker;
    /** The time at which all that was taken so far has been earned. */
    private final AtomicLong earned;

    public Allowance(Ticker ticker) {
        this.ticker = ticker;
        earned = new AtomicLong(ticker.nanos());
    }

    /**
     * Takes processor time that has been used.
     *
     * @return nanoseconds to wait before more is used; 0 for none
     */
    public long take(long nanos) {
        long now = ticker.nanos();
        long until = earned.accumulateAndGet(nanos * CORE_PER_PART,
                (before, more) -> (before - now > 0 ? before : now) + more);
        return Math.max(0, until - now - AHEAD_NANOS);
    }
}
