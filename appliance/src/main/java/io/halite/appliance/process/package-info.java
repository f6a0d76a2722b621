/** This process towards its operating system. Start here: {@link io.halite.appliance.process.StopSignal}. */
@NullMarked
package io.halite.appliance.process;

import org.jspecify.annotations.NullMarked;
