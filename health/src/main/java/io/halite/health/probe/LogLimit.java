package io.halite.health.probe;

/** Lets so many lines through per second and counts the others. Safe for use by many threads. */
final class LogLimit {
    private static final long SECOND = 1_000_000_000L;

    private final int perSecond;
    private boolean begun;
    private long windowAt;
    private int count;
    private long suppressed;

    LogLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    synchronized boolean allows(long now) {
        if (!begun || now - windowAt >= SECOND) {
            begun = true;
            windowAt = now;
            count = 0;
        }
        count++;
        suppressed += count > perSecond ? 1 : 0;
        return count <= perSecond;
    }

    /** How many were held back since the last that went through. */
    synchronized long takeSuppressed() {
        long taken = suppressed;
        suppressed = 0;
        return taken;
    }
}
