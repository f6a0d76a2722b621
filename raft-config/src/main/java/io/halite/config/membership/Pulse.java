package io.halite.config.membership;

import io.halite.config.peer.Presence;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How another node is heard, and what its silence means. Silence alone proves nothing, since a starved machine is silent,
 * too: whoever missed three beats is dialled, because a kernel answers however busy its processes are. Nobody there, or no
 * answer at all, and the node is gone. A port that still listens gives it more time, as it has lately been slow; then it
 * hangs. Mutable; guarded by its owner.
 */
final class Pulse {
    /** Three beats missed. */
    static final Duration SUSPICIOUS = PulseBoard.BEAT.multipliedBy(3);
    /** A pause that a busy process may take. */
    static final Duration SHORTEST = Duration.ofSeconds(2);
    static final Duration LONGEST = Duration.ofSeconds(5);
    /** Beside twice the slowest beat of late. */
    private static final long GRACE = Duration.ofMillis(200).toNanos();
    /** A slow beat is forgotten by so little with each that follows. */
    private static final int MEMORY = 16;
    /** One packet may get lost. */
    private static final int KNOCKS = 2;
    /** Whoever listens, but does not accept, has room for few connections. */
    private static final long PAUSE = Duration.ofMillis(300).toNanos();

    private long last;
    /** When it was last heard, or this node last stood still. */
    private long since;
    private long slowest = (LONGEST.toNanos() - GRACE) / 2;
    private int knocking;
    private int unanswered;
    private long nextKnock;
    private boolean isGone;

    /** A node heard for the first time. */
    Pulse(long now) {
        last = now;
        since = now;
        nextKnock = now;
    }

    /** The node was heard. */
    void beat(long now) {
        long gap = Math.min(now - since, LONGEST.toNanos());
        slowest = Math.max(gap, slowest - (slowest - gap) / MEMORY);
        last = now;
        since = now;
        unanswered = 0;
        isGone = false;
    }

    /** This node itself stood still: what the other said meanwhile may not have been read yet. */
    void forgive(long now) {
        since = now;
    }

    /** Whether it should be dialled now; whoever asks does it and tells {@link #knocked}. */
    boolean mayKnock(long now) {
        boolean may = !isGone && knocking < KNOCKS && now - last > SUSPICIOUS.toNanos() && now - nextKnock >= 0;
        if (may) {
            knocking++;
        }
        return may;
    }

    /**
     * What dialling showed.
     *
     * @param began when it was dialled: what was heard since says more
     * @param now at present
     * @param found null when this node was too slow to tell
     */
    void knocked(long began, long now, @Nullable Presence found) {
        knocking--;
        if (found == null || last - began > 0) {
            return;
        }
        switch (found) {
            case LISTENING -> {
                unanswered = 0;
                nextKnock = now + PAUSE;
            }
            case NOBODY_THERE -> isGone = true;
            case SILENT -> {
                unanswered++;
                isGone |= unanswered >= KNOCKS;
            }
        }
    }

    /** Whether it is gone, or has been silent for longer than it is wont to be. */
    boolean isMissing(long now) {
        long patience = Math.clamp(2 * slowest + GRACE, SHORTEST.toNanos(), LONGEST.toNanos());
        return isGone || now - since > patience;
    }
}
