package io.halite.proxy.http2;

import io.halite.proxy.relay.Connection;

/** A request to a target over a stream, for whoever sends it. */
public interface TargetRequest {

    /** What carries the request and its response, as text of HTTP/1.1. */
    Connection wire();

    /** Whether the whole connection has ended, not this request alone. */
    boolean isConnectionLost();

    /** Whether the target said that it did nothing with the request, so that any may be sent again: RFC 9113 §8.7. */
    boolean isUntouched();
}
