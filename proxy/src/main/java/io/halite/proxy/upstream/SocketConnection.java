package io.halite.proxy.upstream;

import io.halite.config.HostPort;
import io.halite.config.Upstream.KeepAlive;
import io.halite.proxy.relay.ConnectFailure;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.relay.TlsConnection;
import io.halite.proxy.tls.ClientTls;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket to a target, which carries one request at a time. Has a user, or waits in the pool of its target, where any byte
 * or end closes it: a dirty connection is never used again. Confined to the thread of its loop.
 */
final class SocketConnection implements UpstreamConnection, ConnectionHandler {
    private final TargetConnections pool;
    private final InetSocketAddress address;
    private final @Nullable ClientTls tls;
    private final Connection wire;
    private final HeldBytes held;
    private final byte[] preamble;
    private @Nullable UpstreamUser user;
    private boolean established;
    private boolean reused;

    private SocketConnection(
            TargetConnections pool, InetSocketAddress address, UpstreamUser user, byte[] preamble, List<String> protocols) {
        this.pool = pool;
        this.address = address;
        this.user = user;
        this.preamble = preamble;
        tls = pool.tls();
        HostPort target = pool.target().address();
        wire = tls == null ? pool.loop().connect(address, this) : TlsConnection.connect(pool.loop(), address, preamble,
                tls.session(target.host(), target.port(), protocols), pool.crew(), this);
        held = new HeldBytes(pool.loop().buffers());
    }

    /**
     * Begins to connect; the user hears the outcome later.
     *
     * @param protocols what a TLS handshake offers to speak; empty for nothing
     */
    static SocketConnection connect(TargetConnections pool, InetSocketAddress address, UpstreamUser user,
            byte[] preamble, List<String> protocols, long timeoutNanos) {
        SocketConnection connection = new SocketConnection(pool, address, user, preamble, protocols);
        connection.wire.deadlineIn(timeoutNanos);
        return connection;
    }

    /** The socket; its handler is this object until {@link #surrender}. */
    @Override
    public Connection wire() {
        return wire;
    }

    @Override
    public HeldBytes held() {
        return held;
    }

    @Override
    public boolean mayBeStale() {
        return reused;
    }

    @Override
    public boolean isUntouched() {
        return false;
    }

    @Override
    public void release(KeepAlive rule) {
        user = null;
        reused = true;
        pool.kept().keep(this, rule);
    }

    @Override
    public void close() {
        user = null;
        held.clear();
        wire.close();
    }

    @Override
    public Connection surrender() {
        user = null;
        held.clear();
        return wire;
    }

    /** How it speaks to the target; null for plain text. */
    @Nullable ClientTls tls() {
        return tls;
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

    /** Before all else; before a TLS handshake, which is over here, it was sent already. */
    private Sent sendPreamble() {
        if (preamble.length == 0 || tls != null) {
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
        if (failure == ConnectFailure.HANDSHAKE && connection instanceof TlsConnection secure) {
            pool.handshakeFailed(secure.failure());
        }
        if (waiting != null) {
            waiting.upstreamConnectFailed(failure);
        }
    }

    @Override
    public void readable(Connection connection) {
        if (user != null) {
            user.upstreamReadable();
        } else if (wire.read(pool.loop().input(), 0, 1) != Connection.AGAIN) {
            // TLS may have had something to say to itself; anything else is dirt.
            pool.kept().discard(this);
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
            pool.kept().discard(this);
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
            pool.kept().discard(this);
        } else if (established) {
            waiting.upstreamExpired();
        } else {
            close();
            waiting.upstreamConnectTimedOut();
        }
    }
}
