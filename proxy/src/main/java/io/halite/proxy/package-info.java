/**
 * The data plane as one thing: listeners, routing, balancing and the relay of bytes.
 * Start here: {@link io.halite.proxy.DataPlane}.
 */
@NullMarked
package io.halite.proxy;

import org.jspecify.annotations.NullMarked;
