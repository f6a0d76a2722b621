/**
 * A process that follows another on the same data directory without a connection lost. Start here:
 * {@link io.halite.appliance.takeover.Predecessor} for the one that comes, {@link io.halite.appliance.takeover.Door} for
 * the one that goes.
 */
@NullMarked
package io.halite.appliance.takeover;

import org.jspecify.annotations.NullMarked;
