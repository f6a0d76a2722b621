/**
 * HTTP/1.x over the relay loops: the strict parser, the life of a request and its response, the answers the proxy gives
 * by itself. Start here: {@link io.halite.proxy.http.Exchange}.
 */
@NullMarked
package io.halite.proxy.http;

import org.jspecify.annotations.NullMarked;
