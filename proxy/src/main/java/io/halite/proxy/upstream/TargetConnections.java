package io.halite.proxy.upstream;

import io.halite.config.Limits;
import io.halite.config.Upstream.HttpVersion;
import io.halite.config.Upstream.KeepAlive;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.tls.ClientTls;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one target: sockets that carry one request at a time, or HTTP/2 connections that carry
 * many, as the pool says. Confined to the thread of its loop.
 */
public final class TargetConnections {
    private static final long LOG_NANOS = 60_000_000_000L;
    private static final System.Logger LOGGER = System.getLogger(TargetConnections.class.getName());

    private final LoopUpstreams upstreams;
    private final TargetEntry target;
    private final KeptConnections kept = new KeptConnections(this);
    private final SharedConnections shared = new SharedConnections(this);
    private boolean retired;
    private long quietUntil = Long.MIN_VALUE;

    TargetConnections(LoopUpstreams upstreams, TargetEntry target) {
        this.upstreams = upstreams;
        this.target = target;
    }

    /**
     * A connection that is there already, for a request; null when there is none.
     *
     * @param preamble the PROXY header of the client, if the pool sends one: only a connection that began with it will do
     */
    public @Nullable UpstreamConnection take(UpstreamUser user, byte[] preamble) {
        return isShared() ? shared.take(user, preamble) : kept.take(user, preamble);
    }

    /**
     * Begins a new connection for a request, whose outcome the user hears later; null when that is not even tried: the name
     * of the target has no address or no room, the loop no descriptor, or the TLS of the pool cannot be had.
     *
     * @param preamble what the connection begins with before anything else: a PROXY header, or nothing
     */
    public @Nullable UpstreamConnection connect(UpstreamUser user, byte[] preamble, long timeoutNanos) {
        return isShared() ? shared.connect(user, preamble, timeoutNanos) : kept.connect(user, preamble, timeoutNanos);
    }

    /** As {@link #connect}, for bytes that are no requests. */
    public @Nullable UpstreamConnection connectForBytes(UpstreamUser user, byte[] preamble, long timeoutNanos) {
        return dial(user, preamble, List.of(), timeoutNanos);
    }

    /**
     * Begins to open a socket.
     *
     * @param protocols what a TLS handshake offers to speak
     */
    @Nullable UpstreamConnection dial(
            UpstreamUser user, byte[] preamble, List<String> protocols, long timeoutNanos) {
        InetSocketAddress address = target.socketAddress();
        if (address == null || !loop().mayConnect() || upstreams.table().tls().mutes(target.ref().pool())
                || !reserve()) {
            return null;
        }
        SocketConnection begun = SocketConnection.connect(this, address, user, preamble, protocols, timeoutNanos);
        begun.wire().whenClosed(target.sockets()::closed);
        return begun;
    }

    /** Whether nothing but the limit of its pool keeps the target from getting one more connection. */
    public boolean isFull() {
        return target.sockets().open() >= limit();
    }

    private @Nullable PoolTable pool() {
        return upstreams.table().pools().get(target.ref().pool());
    }

    private boolean isShared() {
        PoolTable pool = pool();
        return pool != null && pool.pool().upstream().protocol() == HttpVersion.HTTP2;
    }

    private int limit() {
        PoolTable pool = pool();
        int limit = pool == null ? Limits.NO_LIMIT : pool.pool().upstream().limits().connections();
        if (pool != null && limit != Limits.NO_LIMIT) {
            // From now on this loop hears when others want a connection that it keeps idle.
            upstreams.waiting(pool.entry());
        }
        return limit;
    }

    /** Takes one of the connections that the target may have. */
    private boolean reserve() {
        int limit = limit();
        boolean any = true;
        while (any && target.sockets().open() >= limit) {
            // None of them would do for this request: they began with the PROXY headers of other clients.
            any = kept.closeOne() || shared.closeOne();
        }
        countRoom();
        return target.sockets().tryOpen(limit);
    }

    /** Tells the balancer how many requests need no new connection. */
    void countRoom() {
        target.sockets().idle(loop().index(), kept.room() + shared.room());
    }

    KeptConnections kept() {
        return kept;
    }

    /** Where to connect now; null while a name was never resolved. */
    @Nullable InetSocketAddress address() {
        return target.socketAddress();
    }

    /** How the target is spoken to now; null for plain text. */
    @Nullable ClientTls tls() {
        return upstreams.table().tls().pool(target.ref().pool());
    }

    /** What may be kept for the next request now. */
    KeepAlive keepAlive() {
        PoolTable pool = pool();
        return pool == null ? KeepAlive.DEFAULT : pool.pool().upstream().keepAlive();
    }

    Executor crew() {
        return upstreams.crew();
    }

    Loop loop() {
        return upstreams.loop();
    }

    /** Tells people why the target could be reached and not be spoken to, but not each time. */
    void handshakeFailed(String reason) {
        if (loop().now() >= quietUntil) {
            quietUntil = loop().now() + LOG_NANOS;
            LOGGER.log(System.Logger.Level.WARNING, "handshake with target failed target=" + target.ref()
                    + " address=" + target.address() + " reason=" + reason);
        }
    }

    TargetEntry target() {
        return target;
    }

    /** Whether the target left the table: nothing is kept for it. */
    boolean isRetired() {
        return retired;
    }

    /** The target left the table: idle connections end now, others when their request does. */
    void retire() {
        retired = true;
        shared.leave();
        closeIdle();
    }

    /** Ends the connections that nobody uses. */
    public void closeIdle() {
        kept.closeAll();
        shared.closeIdle();
        countRoom();
    }
}
