/**
 * DNS messages as bytes: reading queries in place, names and their keyed hash, and the numbers of the protocol.
 * Start here: {@link io.halite.dns.wire.Query}.
 */
@NullMarked
package io.halite.dns.wire;

import org.jspecify.annotations.NullMarked;
