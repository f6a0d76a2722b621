package io.halite.proxy.upstream;

import io.halite.proxy.http2.TargetRequest;
import io.halite.proxy.http2.TargetSession;
import io.halite.proxy.relay.ConnectFailure;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.TlsPeer;
import io.halite.proxy.tls.ClientTls;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to a target and the requests that wait until it is made: first the socket, then the handshake, then
 * the target's settings, by which it shows what it speaks before it is asked anything. Confined to the thread of its loop.
 */
final class SharedConnection implements UpstreamUser, TargetSession.Owner {
    private static final List<String> PROTOCOLS = List.of("h2");
    /** So many requests may wait for a connection before the next is begun: the least that RFC 9113 §6.5.2 advises. */
    private static final int MAX_WAITING = 100;

    private final SharedConnections pool;
    private final @Nullable ClientTls tls;
    private final @Nullable InetSocketAddress address;
    private final byte[] preamble;
    private final long timeoutNanos;
    private final Deque<StreamConnection> waiting = new ArrayDeque<>();
    private @Nullable UpstreamConnection socket;
    private @Nullable TargetSession session;
    private boolean ready;
    private boolean used;

    SharedConnection(SharedConnections pool, byte[] preamble, long timeoutNanos) {
        this.pool = pool;
        this.preamble = preamble;
        this.timeoutNanos = timeoutNanos;
        tls = pool.target().tls();
        address = pool.target().address();
    }

    /** Begins to connect; false when that is not even tried. */
    boolean begin() {
        socket = pool.target().dial(this, preamble, PROTOCOLS, timeoutNanos);
        return socket != null;
    }

    /** A request waits for the connection. */
    void await(StreamConnection stream) {
        waiting.addLast(stream);
        stream.awaits(this);
    }

    /** A request waits no more; a connection that nobody waits for is made all the same, for the next. */
    void gaveUp(StreamConnection stream) {
        waiting.remove(stream);
    }

    /** Whether one more request may wait for it. */
    boolean mayAwait(byte[] other) {
        return !ready && waiting.size() < MAX_WAITING && isCurrent() && Arrays.equals(preamble, other);
    }

    /** Whether it may carry one more request now. */
    boolean hasRoom(byte[] other) {
        return free() > 0 && Arrays.equals(preamble, other);
    }

    /** Whether the target is still where it leads, and spoken to in this way. */
    boolean isCurrent() {
        return tls == pool.target().tls() && address != null && address.equals(pool.target().address());
    }

    /** How many more requests it can carry, or may await. */
    int room() {
        return ready ? free() : MAX_WAITING - waiting.size();
    }

    private int free() {
        return session == null || !ready ? 0 : session.free();
    }

    boolean isIdle() {
        return ready && session != null && session.carried() == 0 && !session.isLeaving();
    }

    /** Whether a request went over it before. */
    boolean isUsed() {
        return used;
    }

    TargetRequest open() {
        if (session == null) {
            throw new IllegalStateException("a request over a connection that is not made");
        }
        return session.open();
    }

    /** Takes no more requests, and ends with the last one. */
    void leave() {
        if (session != null) {
            session.leave();
        }
    }

    @Override
    public void upstreamConnected() {
        UpstreamConnection made = socket;
        if (made == null) {
            throw new IllegalStateException("connected to nothing");
        }
        Connection wire = made.surrender();
        socket = null;
        TlsPeer peer = wire.tls();
        if (peer != null && !peer.protocol().equals(PROTOCOLS.getFirst())) {
            pool.target().handshakeFailed("the target does not agree to speak HTTP/2 (h2)");
            wire.close();
            upstreamConnectFailed(ConnectFailure.HANDSHAKE);
            return;
        }
        TargetSession begun = new TargetSession(this, wire, tls != null);
        session = begun;
        begun.start(timeoutNanos);
    }

    @Override
    public void upstreamConnectFailed(ConnectFailure failure) {
        pool.remove(this);
        for (StreamConnection stream = waiting.pollFirst(); stream != null; stream = waiting.pollFirst()) {
            stream.failed(failure);
        }
    }

    @Override
    public void upstreamConnectTimedOut() {
        pool.remove(this);
        for (StreamConnection stream = waiting.pollFirst(); stream != null; stream = waiting.pollFirst()) {
            stream.timedOut();
        }
    }

    @Override
    public void upstreamReadable() {
        throw new IllegalStateException("the session reads");
    }

    @Override
    public void upstreamDrained() {
        throw new IllegalStateException("the session writes");
    }

    @Override
    public void upstreamBroken() {
        upstreamConnectFailed(ConnectFailure.UNREACHABLE);
    }

    @Override
    public void upstreamFailed() {
        upstreamConnectFailed(ConnectFailure.UNREACHABLE);
    }

    @Override
    public void upstreamExpired() {
        upstreamConnectTimedOut();
    }

    @Override
    public void ready() {
        ready = true;
        if (session != null && session.free() == 0) {
            // It takes none at all: another connection would end in the same way, as fast as it can be made.
            upstreamConnectFailed(ConnectFailure.UNREACHABLE);
            session.leave();
            return;
        }
        while (free() > 0 && !waiting.isEmpty()) {
            waiting.removeFirst().connected(this);
        }
        // The target takes fewer at a time than wait: the others wait for the next connection.
        for (StreamConnection stream = waiting.pollFirst(); stream != null; stream = waiting.pollFirst()) {
            pool.again(stream, this);
        }
        changed();
    }

    @Override
    public void changed() {
        used |= ready && session != null && session.carried() > 0;
        pool.changed(this);
    }

    @Override
    public long idleNanos() {
        return pool.target().keepAlive().idle().toNanos();
    }

    @Override
    public void ended() {
        if (!ready) {
            pool.target().handshakeFailed("the target does not answer as HTTP/2 does");
            upstreamConnectFailed(ConnectFailure.HANDSHAKE);
        } else {
            pool.remove(this);
        }
    }
}
