/**
 * Mutually authenticated links between the nodes of one cluster, and the certificates they rest on.
 * Start here: {@link io.halite.config.peer.PeerNetwork}.
 */
@NullMarked
package io.halite.config.peer;

import org.jspecify.annotations.NullMarked;
