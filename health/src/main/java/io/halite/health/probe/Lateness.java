package io.halite.health.probe;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How late this process itself was of late, by pulses that should have come on time: one of the scheduler's thread,
 * one of a virtual thread that waits in the same queues as the probes do. A probe that timed out while its own node
 * was late proves nothing. Safe for use by many threads.
 */
final class Lateness {
    /** Below it nothing is recorded: ordinary scheduling. */
    private static final long NOTABLE = 1_000_000;
    private static final int KEPT = 4_096;

    // guarded by this
    private final long[] ends = new long[KEPT];
    private final long[] lags = new long[KEPT];
    private int count;

    /** A thing that should come on time. */
    final class Pulse {
        private final AtomicLong due = new AtomicLong(Long.MAX_VALUE);

        /** It shall come at this tick. */
        void expect(long tick) {
            due.set(tick);
        }

        /** It came. */
        void beat(long now) {
            long expected = due.getAndSet(Long.MAX_VALUE);
            if (expected != Long.MAX_VALUE) {
                record(now, now - expected);
            }
        }

        /** How late it is already, not having come. */
        long overdue(long now) {
            long expected = due.get();
            return expected == Long.MAX_VALUE ? 0 : now - expected;
        }
    }

    /** Records that something was this late until now. */
    synchronized void record(long now, long lag) {
        if (lag >= NOTABLE) {
            ends[count % KEPT] = now;
            lags[count % KEPT] = lag;
            count++;
        }
    }

    /** The worst lag that ended since a tick. */
    synchronized long worstSince(long tick) {
        long worst = 0;
        for (int i = count - 1; i >= Math.max(0, count - KEPT) && ends[i % KEPT] - tick >= 0; i--) {
            worst = Math.max(worst, lags[i % KEPT]);
        }
        return worst;
    }
}
