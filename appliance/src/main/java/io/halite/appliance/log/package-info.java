/**
 * How a node writes its log: one event, one line, JSON for machines and plain text on a terminal.
 * Start here: {@link io.halite.appliance.log.NodeLog}.
 */
@NullMarked
package io.halite.appliance.log;

import org.jspecify.annotations.NullMarked;
