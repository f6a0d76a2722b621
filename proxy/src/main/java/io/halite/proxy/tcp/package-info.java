/**
 * Listeners whose connections are relayed byte for byte to a target of one pool.
 * Start here: {@link io.halite.proxy.tcp.TcpListener}.
 */
@NullMarked
package io.halite.proxy.tcp;

import org.jspecify.annotations.NullMarked;
