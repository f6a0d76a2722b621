package io.halite.health;

import java.time.Duration;
import java.time.Instant;

/**
 * One change of a target's health, kept for explaining.
 *
 * @param node the vantage: which node's probe decided it
 * @param took how long that probe ran
 */
public record Transition(
        Instant at, Health from, Health to, String reason, String message, String node, Duration took) {}
