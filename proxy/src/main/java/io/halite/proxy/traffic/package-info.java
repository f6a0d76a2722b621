/**
 * What passed through the data plane: plain counters that each relay loop writes for itself, and their sums.
 * Start here: {@link io.halite.proxy.traffic.Traffic}.
 */
@NullMarked
package io.halite.proxy.traffic;

import org.jspecify.annotations.NullMarked;
