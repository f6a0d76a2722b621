package io.halite.health.probe;

import io.halite.config.HealthCheck;
import java.time.Duration;

/**
 * The interval by state. The rule, and why it never disappoints who configured the check:
 * <ul>
 * <li>steady: {@code interval};
 * <li>changing (verdicts contradict the health, or there is none yet): 1 s, or {@code interval} when that is shorter.
 *     So a target is out within {@code interval + (fall − 1) × 1 s}, never later than {@code fall × interval};
 * <li>down for more than 5 minutes: up to 15 s, but only as much as keeps the way back within
 *     {@code rise × interval}: the first success may come late, because the others then follow at the changing pace.
 * </ul>
 */
final class Pace {
    static final Duration CHANGING = Duration.ofSeconds(1);
    static final Duration LONG_DOWN = Duration.ofSeconds(15);
    static final Duration LONG_DOWN_AFTER = Duration.ofMinutes(5);

    private final long steady;
    private final long changing;
    private final long longDown;

    Pace(HealthCheck check) {
        steady = check.interval().toNanos();
        changing = Math.min(steady, CHANGING.toNanos());
        long affordable = check.rise() * steady - (check.rise() - 1) * changing;
        longDown = Math.max(steady, Math.min(LONG_DOWN.toNanos(), affordable));
    }

    long steadyNanos() {
        return steady;
    }

    long changingNanos() {
        return changing;
    }

    /** The interval of a target that has been down and steadily so for this long. */
    long downNanos(long nanosDown) {
        return nanosDown > LONG_DOWN_AFTER.toNanos() ? longDown : steady;
    }
}
