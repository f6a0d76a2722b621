/**
 * Probing targets: the plan, the schedule, and rise and fall.
 * Start here: {@link io.halite.health.probe.ProbeEngine}.
 */
@NullMarked
package io.halite.health.probe;

import org.jspecify.annotations.NullMarked;
