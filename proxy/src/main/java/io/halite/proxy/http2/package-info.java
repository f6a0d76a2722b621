/**
 * HTTP/2 of clients and to targets (RFC 9113), translated stream by stream from and into HTTP/1.1 for the rest of the proxy.
 * Start here: {@link io.halite.proxy.http2.ClientSession} and {@link io.halite.proxy.http2.TargetSession}.
 */
@NullMarked
package io.halite.proxy.http2;

import org.jspecify.annotations.NullMarked;
