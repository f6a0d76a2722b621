package io.halite.proxy.upstream;

import io.halite.config.Upstream.KeepAlive;
import io.halite.proxy.relay.ConnectFailure;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a target. Has a user, or waits in the pool of its target, where any byte or end closes it: a dirty
 * connection is never used again. Confined to the thread of its loop.
 */
public final class UpstreamConnection implements ConnectionHandler {
    private final TargetConnections pool;
    private final InetSocketAddress address;
    private final Connection wire;
    private final HeldBytes held;
    private final byte[] preamble;
    private @Nullable UpstreamUser user;
    private boolean established;
    private boolean reused;

    private UpstreamConnection(
            TargetConnections pool, InetSocketAddress address, UpstreamUser user, byte[] preamble) {
        this.pool = pool;
        this.address = address;
        this.user = user;
        this.preamble = preamble;
        wire = pool.loop().connect(address, this);
        held = new HeldBytes(pool.loop().buffers());
    }

    static UpstreamConnection connect(TargetConnections pool, InetSocketAddress address, UpstreamUser user,
            byte[] preamble, long timeoutNanos) {
        UpstreamConnection connection = new UpstreamConnection(pool, address, user, preamble);
        connection.wire.deadlineIn(timeoutNanos);
        return connection;
    }

    /** The socket; its handler is this object until {@link #surrender}. */
    public Connection wire() {
        return wire;
    }

    /** The beginning of a response head. */
    public HeldBytes held() {
        return held;
    }

    /** Whether it carried another request before. */
    public boolean isReused() {
        return reused;
    }

    public Sent send(IoBuffer from, int offset, int length) {
        return wire.send(from, offset, length);
    }

    /** Gives it back for other requests; everything about the last one must be over. */
    public void release(KeepAlive rule) {
        user = null;
        reused = true;
        pool.keep(this, rule);
    }

    /** Ends it; its user hears nothing more. */
    public void close() {
        user = null;
        held.clear();
        wire.close();
    }

    /** The socket gets another handler; this object has no more to do with it. */
    public Connection surrender() {
        user = null;
        held.clear();
        return wire;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Whether these were the first bytes sent over it. */
    boolean beganWith(byte[] other) {
        return Arrays.equals(preamble, other);
    }

    void takenBy(UpstreamUser next) {
        user = next;
        wire.clearDeadline();
    }

    @Override
    public void connected(Connection connection) {
        switch (sendPreamble()) {
            case ALL -> established();
            case PENDING -> { }
            case BROKEN -> {
                wire.close();
                connectFailed(wire, ConnectFailure.UNREACHABLE);
            }
        }
    }

    /** Before all else, also before a TLS handshake. */
    private Sent sendPreamble() {
        if (preamble.length == 0) {
            return Sent.ALL;
        }
        IoBuffer output = pool.loop().output();
        System.arraycopy(preamble, 0, output.bytes(), 0, preamble.length);
        return wire.send(output, 0, preamble.length);
    }

    private void established() {
        established = true;
        wire.clearDeadline();
        wire.reading(true);
        if (user != null) {
            user.upstreamConnected();
        }
    }

    @Override
    public void connectFailed(Connection connection, ConnectFailure failure) {
        UpstreamUser waiting = user;
        user = null;
        if (waiting != null) {
            waiting.upstreamConnectFailed(failure);
        }
    }

    @Override
    public void readable(Connection connection) {
        if (user != null) {
            user.upstreamReadable();
        } else {
            pool.discard(this);
        }
    }

    @Override
    public void drained(Connection connection) {
        if (!established) {
            established();
        } else if (user != null) {
            user.upstreamDrained();
        }
    }

    @Override
    public void broken(Connection connection) {
        if (user != null) {
            user.upstreamBroken();
        } else {
            pool.discard(this);
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
        UpstreamUser waiting = user;
        if (waiting == null) {
            pool.discard(this);
        } else if (established) {
            waiting.upstreamExpired();
        } else {
            close();
            waiting.upstreamConnectTimedOut();
        }
    }
}
