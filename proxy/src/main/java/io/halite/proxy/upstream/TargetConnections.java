package io.halite.proxy.upstream;

import io.halite.config.Upstream.KeepAlive;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.relay.Loop;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The kept-alive connections of one loop to one target: the last one used is taken first, so that the others may grow
 * old and go. Confined to the thread of its loop.
 */
public final class TargetConnections {
    private final Loop loop;
    private final TargetEntry target;
    private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
    private boolean retired;

    TargetConnections(Loop loop, TargetEntry target) {
        this.loop = loop;
        this.target = target;
    }

    /** A kept-alive connection for a request; null when there is none. */
    public @Nullable UpstreamConnection take(UpstreamUser user) {
        InetSocketAddress current = target.socketAddress();
        for (UpstreamConnection kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
            if (kept.address().equals(current)) {
                kept.takenBy(user);
                return kept;
            }
            // The name of the target has come to mean another address.
            kept.close();
        }
        return null;
    }

    /**
     * Begins a new connection, whose outcome the user hears later; null when that is not even tried: the name of the
     * target has no address, or the loop no descriptor.
     */
    public @Nullable UpstreamConnection connect(UpstreamUser user, long timeoutNanos) {
        InetSocketAddress address = target.socketAddress();
        return address == null || !loop.mayConnect() ? null
                : UpstreamConnection.connect(this, address, user, timeoutNanos);
    }

    Loop loop() {
        return loop;
    }

    TargetEntry target() {
        return target;
    }

    void keep(UpstreamConnection connection, KeepAlive rule) {
        if (retired || idle.size() >= rule.connections() || !connection.wire().isOpen()) {
            connection.close();
            return;
        }
        connection.wire().reading(true);
        connection.wire().deadlineIn(rule.idle().toNanos());
        idle.addLast(connection);
    }

    /** An idle connection ended, grew old or said something unasked. */
    void discard(UpstreamConnection connection) {
        idle.remove(connection);
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
    }
}
