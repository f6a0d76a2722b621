package io.halite.proxy.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The requests of a target, or of a pool, counted by each relay loop for itself: a loop writes only its own cache line,
 * so that counting costs no shared write. Readers on any thread sum over the loops and may be a few requests late.
 */
public final class TargetLoad {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    /** Longs per loop: one cache line of 64 bytes. */
    private static final int LINE = 8;
    private static final int STARTED = 0;
    private static final int FINISHED = 1;
    private static final int FAILED = 2;

    private final int loops;
    private final long[] counters;

    public TargetLoad(int loops) {
        this.loops = loops;
        // One line more than needed, so that the first loop's line is not shared with the array's header.
        counters = new long[(loops + 1) * LINE];
    }

    /** Counts a request that begins; only the thread of that loop may call. */
    public void started(int loop) {
        add(loop, STARTED);
    }

    /** Counts a request that ended; only the thread of that loop may call. */
    public void finished(int loop, boolean failed) {
        add(loop, FINISHED);
        if (failed) {
            add(loop, FAILED);
        }
    }

    /** Requests under way, over all loops. */
    public int inFlight() {
        long sum = 0;
        for (int loop = 0; loop < loops; loop++) {
            sum += read(loop, STARTED) - read(loop, FINISHED);
        }
        return (int) Math.max(0, sum);
    }

    /** Requests under way in one loop. */
    public int inFlight(int loop) {
        return (int) (read(loop, STARTED) - read(loop, FINISHED));
    }

    /** Requests ever begun, over all loops. */
    public long started() {
        return sum(STARTED);
    }

    /** Requests that ended in a failure of the target, over all loops. */
    public long failed() {
        return sum(FAILED);
    }

    private long sum(int counter) {
        long sum = 0;
        for (int loop = 0; loop < loops; loop++) {
            sum += read(loop, counter);
        }
        return sum;
    }

    private void add(int loop, int counter) {
        int at = (loop + 1) * LINE + counter;
        LONGS.setOpaque(counters, at, (long) LONGS.get(counters, at) + 1);
    }

    private long read(int loop, int counter) {
        return (long) LONGS.getOpaque(counters, (loop + 1) * LINE + counter);
    }
}
