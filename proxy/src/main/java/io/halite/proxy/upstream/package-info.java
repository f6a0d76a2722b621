/**
 * From a target to a connection: pools of kept-alive connections per loop, connecting, and names resolved off the loops.
 * Start here: {@link io.halite.proxy.upstream.TargetConnections}.
 */
@NullMarked
package io.halite.proxy.upstream;

import org.jspecify.annotations.NullMarked;
