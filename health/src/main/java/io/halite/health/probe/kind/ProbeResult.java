package io.halite.health.probe.kind;

import io.halite.health.Reason;
import io.halite.health.TargetHealth;

/** What one probe found. */
public sealed interface ProbeResult {
    /** The evidence in a few words, for people. */
    String evidence();

    /**
     * The target answered as it should.
     *
     * @param warning {@link Reason#NONE}, or what people should know of a passing target
     * @param weightPercent what its agent wants of its weight
     */
    record Passed(Reason warning, String evidence, int weightPercent) implements ProbeResult {}

    /** The target did not answer as it should. */
    record Failed(Reason reason, String evidence) implements ProbeResult {}

    /** The probe says nothing of the target, for a reason on this node. */
    record Voided(String evidence) implements ProbeResult {}

    /** A plain pass. */
    static ProbeResult passed(String evidence) {
        return new Passed(Reason.NONE, evidence, TargetHealth.FULL_WEIGHT);
    }
}
