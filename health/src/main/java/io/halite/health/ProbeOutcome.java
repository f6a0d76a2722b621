package io.halite.health;

import java.time.Duration;
import java.time.Instant;

/**
 * What one probe on demand found.
 *
 * @param verdict {@code passed}, {@code failed} or {@code voided}
 * @param reason why it failed; empty when it passed
 * @param message the evidence in one sentence
 * @param node the node that probed
 */
public record ProbeOutcome(
        Verdict verdict, String reason, String message, String node, Instant at, Duration took) {}
