package io.halite.health.probe;

import io.halite.health.Health;
import io.halite.health.Reason;
import io.halite.health.TargetHealth;
import java.time.Duration;
import java.time.Instant;

/**
 * What is known of one probe's target: health with its reason. Soft state, passed between nodes.
 *
 * @param evidence the last evidence in a few words
 * @param since when the health last changed
 * @param took how long the probe ran that brought the evidence
 * @param weightPercent what an agent wants of the weight
 */
public record ProbeStatus(
        Health health, Reason reason, String evidence, Instant since, Duration took, int weightPercent) {

    /** Not probed yet. */
    public static ProbeStatus initial(Instant since) {
        return new ProbeStatus(Health.UNKNOWN, Reason.INITIAL, "no probe has ended yet", since, Duration.ZERO,
                TargetHealth.FULL_WEIGHT);
    }

    /** Whether a reader would act the same and show the same code: what differs is only the wording. */
    public boolean isLike(ProbeStatus other) {
        return health == other.health && reason == other.reason && weightPercent == other.weightPercent;
    }

    /** One sentence for people. */
    public String sentence() {
        return switch (health) {
            case HEALTHY -> "The health check passes: " + evidence + ".";
            case UNHEALTHY -> "The health check fails: " + evidence + ".";
            case UNKNOWN -> "Awaiting the first verdict: " + evidence + ".";
        };
    }
}
