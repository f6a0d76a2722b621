/**
 * Probing targets: kinds of probes, the schedule, and rise and fall.
 * Start here: {@link io.halite.health.HealthView}.
 */
@NullMarked
package io.halite.health.probe;

import org.jspecify.annotations.NullMarked;
