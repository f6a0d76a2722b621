/**
 * Relay loops: one platform thread per core that owns its sockets, timers and buffers, over epoll or an NIO selector.
 * Start here: {@link io.halite.proxy.relay.Loop}.
 */
@NullMarked
package io.halite.proxy.relay;

import org.jspecify.annotations.NullMarked;
