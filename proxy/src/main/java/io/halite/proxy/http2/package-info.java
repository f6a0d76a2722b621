/**
 * HTTP/2 of clients (RFC 9113), translated stream by stream into HTTP/1.1 for the rest of the proxy.
 * Start here: {@link io.halite.proxy.http2.Http2Connection}.
 */
@NullMarked
package io.halite.proxy.http2;

import org.jspecify.annotations.NullMarked;
