package io.halite.proxy.upstream;

import io.halite.config.Upstream.KeepAlive;
import io.halite.proxy.http2.TargetRequest;
import io.halite.proxy.relay.BufferPool;
import io.halite.proxy.relay.ConnectFailure;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.HeldBytes;
import org.jspecify.annotations.Nullable;

/**
 * A stream of an HTTP/2 connection to a target, which carries one request and no other. Until that connection is made it
 * waits for it. Confined to the thread of its loop.
 */
final class StreamConnection implements UpstreamConnection, ConnectionHandler {
    private final byte[] preamble;
    private final long timeoutNanos;
    private final HeldBytes held;
    private @Nullable UpstreamUser user;
    private @Nullable TargetRequest request;
    private @Nullable SharedConnection awaited;
    private boolean reused;

    /** Waits for a connection that is being made; {@code timeoutNanos} may pass until the next is. */
    StreamConnection(BufferPool buffers, UpstreamUser user, byte[] preamble, long timeoutNanos) {
        this.user = user;
        this.preamble = preamble;
        this.timeoutNanos = timeoutNanos;
        held = new HeldBytes(buffers);
    }

    byte[] preamble() {
        return preamble;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    /** The connection that it will be a stream of. */
    void awaits(SharedConnection connection) {
        awaited = connection;
    }

    /** It becomes a stream of a connection. */
    void on(SharedConnection connection) {
        awaited = null;
        reused = connection.isUsed();
        TargetRequest begun = connection.open();
        request = begun;
        begun.wire().handler(this);
        begun.wire().reading(true);
    }

    /** The connection that it waited for is there. */
    void connected(SharedConnection connection) {
        on(connection);
        if (user != null) {
            user.upstreamConnected();
        }
    }

    /** The connection that it waited for could not be made. */
    void failed(ConnectFailure failure) {
        UpstreamUser waiting = user;
        user = null;
        if (waiting != null) {
            waiting.upstreamConnectFailed(failure);
        }
    }

    /** The connection that it waited for was not made in time. */
    void timedOut() {
        UpstreamUser waiting = user;
        user = null;
        if (waiting != null) {
            waiting.upstreamConnectTimedOut();
        }
    }

    @Override
    public Connection wire() {
        return request().wire();
    }

    private TargetRequest request() {
        if (request == null) {
            throw new IllegalStateException("a stream of a connection that is not made yet");
        }
        return request;
    }

    @Override
    public HeldBytes held() {
        return held;
    }

    @Override
    public boolean mayBeStale() {
        return reused && request().isConnectionLost();
    }

    @Override
    public boolean isUntouched() {
        return request().isUntouched();
    }

    @Override
    public void release(KeepAlive rule) {
        // The connection stays, the stream is over.
        close();
    }

    @Override
    public void close() {
        user = null;
        held.clear();
        if (request != null) {
            request.wire().close();
        } else if (awaited != null) {
            awaited.gaveUp(this);
            awaited = null;
        }
    }

    @Override
    public Connection surrender() {
        user = null;
        held.clear();
        return wire();
    }

    @Override
    public void readable(Connection connection) {
        if (user != null) {
            user.upstreamReadable();
        }
    }

    @Override
    public void drained(Connection connection) {
        if (user != null) {
            user.upstreamDrained();
        }
    }

    @Override
    public void broken(Connection connection) {
        if (user != null) {
            user.upstreamBroken();
        }
    }

    @Override
    public void failed(Connection connection) {
        UpstreamUser waiting = user;
        close();
        if (waiting != null) {
            waiting.upstreamFailed();
        }
    }

    @Override
    public void expired(Connection connection) {
        if (user != null) {
            user.upstreamExpired();
        }
    }
}
