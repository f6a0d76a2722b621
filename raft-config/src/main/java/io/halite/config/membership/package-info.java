/**
 * Belonging to a cluster: the data directory and identity of a node, joining, leaving, voters and recovery.
 * Start here: {@link io.halite.config.membership.LocalMember}.
 */
@NullMarked
package io.halite.config.membership;

import org.jspecify.annotations.NullMarked;
