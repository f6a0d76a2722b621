package io.halite.proxy.relay;

/**
 * How long somebody may keep others waiting: a store of time that runs out while they wait and that each byte fills a
 * little, never above what it began with. Whoever sends or takes a byte now and then comes to an end; whoever is slow but
 * steady, or pauses for once, does not. Confined to one loop.
 */
public final class Pace {
    private static final long SECOND = 1_000_000_000L;

    private final Loop loop;
    private long left = Long.MAX_VALUE;
    private long since;
    private boolean awaited;

    public Pace(Loop loop) {
        this.loop = loop;
    }

    /** Begins anew, with all the time there is. */
    public void clear() {
        left = Long.MAX_VALUE;
        awaited = false;
    }

    /** Others wait from now on, if they did not before; the nanoseconds left, of which there are never more than these. */
    public long await(long mostNanos) {
        if (!awaited) {
            awaited = true;
            since = loop.now();
        }
        left = Math.min(left, mostNanos);
        return Math.max(0, left - (loop.now() - since));
    }

    /**
     * Bytes came, or went.
     *
     * @param bytesPerSecond those that fill a second; zero when any byte fills all
     */
    public void progress(long bytes, int bytesPerSecond, long mostNanos) {
        rest();
        long earned = bytesPerSecond == 0 ? mostNanos : bytes * SECOND / bytesPerSecond;
        left = bytes == 0 ? left : Math.min(mostNanos, Math.max(0, left) + earned);
    }

    /** Nobody waits for them. */
    public void rest() {
        if (awaited) {
            awaited = false;
            left -= loop.now() - since;
        }
    }
}
