/**
 * Probing targets: the plan, the schedule, and rise and fall.
 * Start here: {@link io.halite.health.probe.HealthChecker}.
 */
@NullMarked
package io.halite.health.probe;

import org.jspecify.annotations.NullMarked;
