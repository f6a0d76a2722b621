/**
 * What an operator can say to a cluster: pure, immutable values with their defaults and ranges. No I/O, no threads,
 * no clocks. Start here: {@link io.halite.config.ClusterConfig}.
 */
@NullMarked
package io.halite.config;

import org.jspecify.annotations.NullMarked;
