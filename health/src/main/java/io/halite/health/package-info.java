/**
 * Health as everyone may read it: what was observed of each target, why, and by whom.
 * Start here: {@link io.halite.health.HealthView}.
 */
@NullMarked
package io.halite.health;

import org.jspecify.annotations.NullMarked;
