/**
 * Listeners whose connections are relayed byte for byte to a target: of one pool, or of that which the server name of a TLS
 * client chooses.
 * Start here: {@link io.halite.proxy.tcp.TcpListener}.
 */
@NullMarked
package io.halite.proxy.tcp;

import org.jspecify.annotations.NullMarked;
