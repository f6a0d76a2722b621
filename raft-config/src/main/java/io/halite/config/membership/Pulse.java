package io.halite.config.membership;

import java.time.Duration;

/**
 * How regularly one other node is heard, and so how long a silence means that it vanished. A calm network settles at
 * {@link #SHORTEST}; whoever has lately been slow, because its machine is starved, is given more time. Mutable; guarded by
 * its owner.
 */
final class Pulse {
    /** Three beats missed. */
    static final Duration SHORTEST = Duration.ofMillis(600);
    static final Duration LONGEST = Duration.ofSeconds(5);
    /** Beside twice the slowest beat of late. */
    private static final long GRACE = Duration.ofMillis(200).toNanos();
    /** A slow beat is forgotten by so little with each that follows. */
    private static final int MEMORY = 16;

    private long last;
    private long slowest = (LONGEST.toNanos() - GRACE) / 2;

    /** A node heard for the first time. */
    Pulse(long now) {
        last = now;
    }

    /** The node was heard. */
    void beat(long now) {
        long gap = Math.min(now - last, LONGEST.toNanos());
        slowest = Math.max(gap, slowest - (slowest - gap) / MEMORY);
        last = now;
    }

    /** This node itself stood still: what the other said meanwhile may not have been read yet. */
    void forgive(long now) {
        last = now;
    }

    /** Whether it has been silent for longer than it is wont to be. */
    boolean isMissing(long now) {
        long patience = Math.clamp(2 * slowest + GRACE, SHORTEST.toNanos(), LONGEST.toNanos());
        return now - last > patience;
    }
}
