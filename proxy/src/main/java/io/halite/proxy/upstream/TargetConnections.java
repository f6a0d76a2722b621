package io.halite.proxy.upstream;

import io.halite.config.Limits;
import io.halite.config.Upstream.KeepAlive;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.tls.ClientTls;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The kept-alive connections of one loop to one target: the last one used is taken first, so that the others may grow
 * old and go. Confined to the thread of its loop.
 */
public final class TargetConnections {
    private static final long LOG_NANOS = 60_000_000_000L;
    private static final System.Logger LOGGER = System.getLogger(TargetConnections.class.getName());

    private final LoopUpstreams upstreams;
    private final TargetEntry target;
    private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
    private boolean retired;
    private long quietUntil = Long.MIN_VALUE;

    TargetConnections(LoopUpstreams upstreams, TargetEntry target) {
        this.upstreams = upstreams;
        this.target = target;
    }

    /**
     * A kept-alive connection for a request; null when there is none.
     *
     * @param preamble the PROXY header of the client, if the pool sends one: only a connection that began with it will do
     */
    public @Nullable UpstreamConnection take(UpstreamUser user, byte[] preamble) {
        InetSocketAddress current = target.socketAddress();
        ClientTls tls = tls();
        for (UpstreamConnection kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
            if (!kept.address().equals(current) || kept.tls() != tls) {
                // The name of the target has come to mean another address, or its pool is spoken to in another way.
                kept.close();
            } else if (kept.beganWith(preamble)) {
                countIdle();
                kept.takenBy(user);
                return kept;
            } else {
                idle.addLast(kept);
                return takeOlder(user, preamble);
            }
        }
        return null;
    }

    private @Nullable UpstreamConnection takeOlder(UpstreamUser user, byte[] preamble) {
        Iterator<UpstreamConnection> newestFirst = idle.descendingIterator();
        while (newestFirst.hasNext()) {
            UpstreamConnection kept = newestFirst.next();
            if (kept.beganWith(preamble)) {
                newestFirst.remove();
                countIdle();
                kept.takenBy(user);
                return kept;
            }
        }
        return null;
    }

    /**
     * Begins a new connection, whose outcome the user hears later; null when that is not even tried: the name of the
     * target has no address or no room, the loop no descriptor, or the TLS of the pool cannot be had.
     *
     * @param preamble what the connection begins with before anything else: a PROXY header, or nothing
     */
    public @Nullable UpstreamConnection connect(UpstreamUser user, byte[] preamble, long timeoutNanos) {
        InetSocketAddress address = target.socketAddress();
        if (address == null || !loop().mayConnect() || upstreams.table().tls().mutes(target.ref().pool())
                || !reserve()) {
            return null;
        }
        UpstreamConnection begun = UpstreamConnection.connect(this, address, user, preamble, timeoutNanos);
        begun.wire().whenClosed(target.sockets()::closed);
        return begun;
    }

    /** Whether nothing but the limit of its pool keeps the target from getting one more connection. */
    public boolean isFull() {
        return target.sockets().open() >= limit();
    }

    private int limit() {
        PoolTable pool = upstreams.table().pools().get(target.ref().pool());
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
        while (target.sockets().open() >= limit && !idle.isEmpty()) {
            // None of them would do for this request: they began with the PROXY headers of other clients.
            idle.removeFirst().close();
        }
        countIdle();
        return target.sockets().tryOpen(limit);
    }

    private void countIdle() {
        target.sockets().idle(loop().index(), idle.size());
    }

    /** How the target is spoken to now; null for plain text. */
    @Nullable ClientTls tls() {
        return upstreams.table().tls().pool(target.ref().pool());
    }

    Executor crew() {
        return upstreams.crew();
    }

    Loop loop() {
        return upstreams.loop();
    }

    /** Tells people why a handshake with the target failed, but not each time. */
    void handshakeFailed(String reason) {
        if (loop().now() >= quietUntil) {
            quietUntil = loop().now() + LOG_NANOS;
            LOGGER.log(System.Logger.Level.WARNING, "tls handshake with target failed target=" + target.ref()
                    + " address=" + target.address() + " reason=" + reason);
        }
    }

    TargetEntry target() {
        return target;
    }

    void keep(UpstreamConnection connection, KeepAlive rule) {
        if (retired || rule.connections() == 0 || !connection.wire().isOpen()) {
            connection.close();
            return;
        }
        while (idle.size() >= rule.connections()) {
            // The eldest goes: what began with a PROXY header may belong to a client that left long ago.
            idle.removeFirst().close();
        }
        connection.wire().reading(true);
        connection.wire().deadlineIn(rule.idle().toNanos());
        idle.addLast(connection);
        countIdle();
    }

    /** An idle connection ended, grew old or said something unasked. */
    void discard(UpstreamConnection connection) {
        idle.remove(connection);
        countIdle();
        connection.close();
    }

    /** The target left the table: idle connections end now, others when their request does. */
    void retire() {
        retired = true;
        closeIdle();
    }

    /** Ends the connections that nobody uses. */
    public void closeIdle() {
        idle.forEach(UpstreamConnection::close);
        idle.clear();
        countIdle();
    }
}
