package io.halite.health;

import java.time.Instant;

/**
 * The health of one target with its reason.
 *
 * @param reason a stable code such as {@code Target.Timeout} ({@link Reason}), after AWS's reason codes; empty when
 *     the target simply passes
 * @param message one sentence for people, with the last evidence
 * @param prober the node that probes it; empty when none does
 * @param since when the health last changed
 * @param weightPercent what the target's agent wants of its weight, 0–100 and more; 100 without an agent. Zero is a
 *     drain: existing sessions only
 */
public record TargetHealth(
        Health health, String reason, String message, String prober, Instant since, int weightPercent) {
    public static final int FULL_WEIGHT = 100;

    /** The health of a target without an agent. */
    public TargetHealth(Health health, String reason, String message, String prober, Instant since) {
        this(health, reason, message, prober, since, FULL_WEIGHT);
    }
}
