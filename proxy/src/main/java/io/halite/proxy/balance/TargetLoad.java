package io.halite.proxy.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

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
    private static final int RESPONSE_TIME = 3;
    private static final int RESPONSE_TIME_AT = 4;
    /** How fast a response time is forgotten: Finagle's default. */
    private static final double DECAY_NANOS = Duration.ofSeconds(10).toNanos();

    private final int loops;
    private final long[] counters;

    public TargetLoad(int loops) {
        this.loops = loops;
        // One line more than needed, so that the first loop's line is not shared with the array's header.
        counters = new long[(loops + 1) * LINE];
    }

    int loops() {
        return loops;
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
        // Finished first: a request that ends in between then counts as under way rather than as less than nothing.
        long finished = sum(FINISHED);
        return (int) Math.max(0, sum(STARTED) - finished);
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

    /**
     * Takes a response time into the loop's average, which jumps up to a peak at once and comes down slowly, so that a
     * target which became slow is noticed by the first response ("peak EWMA" of Finagle).
     */
    void observe(int loop, long nanos, long now) {
        double average = responseTime(loop, now);
        double rest = Math.exp(-elapsed(loop, now) / DECAY_NANOS);
        double next = nanos >= average ? nanos : average + (1 - rest) * nanos;
        write(loop, RESPONSE_TIME, Double.doubleToRawLongBits(next));
        write(loop, RESPONSE_TIME_AT, now);
    }

    /** The loop's average response time in nanoseconds, fading towards zero while there is none; zero at first. */
    double responseTime(int loop, long now) {
        double average = Double.longBitsToDouble(read(loop, RESPONSE_TIME));
        return average == 0 ? 0 : average * Math.exp(-elapsed(loop, now) / DECAY_NANOS);
    }

    private double elapsed(int loop, long now) {
        return Math.max(0, now - read(loop, RESPONSE_TIME_AT));
    }

    private long sum(int counter) {
        long sum = 0;
        for (int loop = 0; loop < loops; loop++) {
            sum += read(loop, counter);
        }
        return sum;
    }

    private void add(int loop, int counter) {
        write(loop, counter, read(loop, counter) + 1);
    }

    private void write(int loop, int counter, long value) {
        LONGS.setOpaque(counters, (loop + 1) * LINE + counter, value);
    }

    private long read(int loop, int counter) {
        return (long) LONGS.getOpaque(counters, (loop + 1) * LINE + counter);
    }
}
