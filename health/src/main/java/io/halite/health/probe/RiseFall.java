package io.halite.health.probe;

import io.halite.health.Health;
import java.util.ArrayDeque;
import java.util.Deque;
import java.time.Duration;

/**
 * Turns verdicts into health: {@code rise} passes in a row lift an unhealthy target, {@code fall} failures in a row
 * drop a healthy one, and the first pass is enough for a target that was never judged. A target that fell more than
 * 5 times in 5 minutes flaps: it then has to pass for a minute on end, or until fewer falls are that young.
 * Pure: time is passed in. Owned by one thread.
 */
final class RiseFall {
    static final int MAX_FALLS = 5;
    static final Duration FALLS_WITHIN = Duration.ofMinutes(5);
    static final Duration CALM = Duration.ofMinutes(1);

    private final int rise;
    private final int fall;
    private final Deque<Long> falls = new ArrayDeque<>(0);
    private Health health = Health.UNKNOWN;
    private int streak;
    private long passingSince;

    RiseFall(int rise, int fall) {
        this.rise = rise;
        this.fall = fall;
    }

    /** Takes a health over from who knew the target before; its next change has to be earned. */
    void adopt(Health known) {
        health = known;
        streak = 0;
    }

    Health health() {
        return health;
    }

    /** Verdicts in a row that contradict the health. */
    int streak() {
        return streak;
    }

    /** Whether the target is about to change or has not been judged yet. */
    boolean isChanging() {
        return streak > 0 || health == Health.UNKNOWN;
    }

    /** A pass; true when it made the target healthy. */
    boolean pass(long now) {
        if (health == Health.HEALTHY) {
            streak = 0;
            return false;
        }
        if (streak == 0 || health == Health.UNKNOWN) {
            passingSince = now;
        }
        streak = health == Health.UNKNOWN ? 0 : Math.min(streak + 1, rise);
        if (health == Health.UNHEALTHY && (streak < rise || isHeldDown(now))) {
            return false;
        }
        health = Health.HEALTHY;
        streak = 0;
        return true;
    }

    /** A failure; true when it made the target unhealthy. */
    boolean fail(long now) {
        if (health == Health.UNHEALTHY) {
            streak = 0;
            return false;
        }
        if (++streak < fall) {
            return false;
        }
        if (health == Health.HEALTHY) {
            falls.addLast(now);
            forgetOldFalls(now);
        }
        health = Health.UNHEALTHY;
        streak = 0;
        return true;
    }

    /** Whether only the damping of a flapping target keeps it down. */
    boolean isFlapping(long now) {
        return health == Health.UNHEALTHY && streak >= rise && isHeldDown(now);
    }

    private boolean isHeldDown(long now) {
        forgetOldFalls(now);
        return falls.size() > MAX_FALLS && now - passingSince < CALM.toNanos();
    }

    private void forgetOldFalls(long now) {
        while (!falls.isEmpty() && (now - falls.getFirst() > FALLS_WITHIN.toNanos() || falls.size() > MAX_FALLS + 1)) {
            falls.removeFirst();
        }
    }
}
