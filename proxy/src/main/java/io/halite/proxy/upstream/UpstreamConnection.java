package io.halite.proxy.upstream;

import io.halite.config.Upstream.KeepAlive;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;

/**
 * What carries one request to a target and its response back, as text of HTTP/1.1: a socket, or a stream of an HTTP/2
 * connection. Confined to the thread of its loop.
 */
public interface UpstreamConnection {

    /** What the bytes go over. */
    Connection wire();

    /** The beginning of a response head. */
    HeldBytes held();

    /** Whether it broke because it was stale, as far as one can know: the connection carried another request before. */
    boolean mayBeStale();

    /** Whether the target said that it did nothing with the request, so that any may be sent again. */
    boolean isUntouched();

    /** Sends bytes of the request. */
    default Sent send(IoBuffer from, int offset, int length) {
        return wire().send(from, offset, length);
    }

    /** Gives it back for other requests; everything about the last one must be over. */
    void release(KeepAlive rule);

    /** Ends it; its user hears nothing more. */
    void close();

    /** The wire gets another handler; this object has no more to do with it. */
    Connection surrender();
}
