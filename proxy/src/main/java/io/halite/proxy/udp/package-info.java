/**
 * Listeners whose datagrams are relayed to a target of one pool, in sessions.
 * Start here: {@link io.halite.proxy.udp.UdpListener}.
 */
@NullMarked
package io.halite.proxy.udp;

import org.jspecify.annotations.NullMarked;
