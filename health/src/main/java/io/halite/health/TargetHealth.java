package io.halite.health;

import java.time.Instant;

/**
 * The health of one target with its reason.
 *
 * @param reason a stable code such as {@code Target.Timeout}, after AWS's reason codes
 * @param message one sentence for people, with the last evidence
 * @param prober the node that probes it; empty when none does
 * @param since when the health last changed
 */
public record TargetHealth(Health health, String reason, String message, String prober, Instant since) {}
