/**
 * Sockets that listen: one per loop on a shared port, opened, handed over and closed while everything else runs.
 * Start here: {@link io.halite.proxy.listen.ListenerSet}.
 */
@NullMarked
package io.halite.proxy.listen;

import org.jspecify.annotations.NullMarked;
