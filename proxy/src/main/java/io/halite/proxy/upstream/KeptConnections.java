package io.halite.proxy.upstream;

import io.halite.config.Upstream.KeepAlive;
import io.halite.proxy.tls.ClientTls;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one loop to one target that wait for their next request: the last one used is taken first, so that the
 * others may grow old and go. Confined to the thread of its loop.
 */
final class KeptConnections {
    private final TargetConnections target;
    private final Deque<SocketConnection> idle = new ArrayDeque<>();

    KeptConnections(TargetConnections target) {
        this.target = target;
    }

    /** As {@link TargetConnections#take}. */
    @Nullable UpstreamConnection take(UpstreamUser user, byte[] preamble) {
        InetSocketAddress current = target.address();
        ClientTls tls = target.tls();
        for (SocketConnection kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
            if (!kept.address().equals(current) || kept.tls() != tls) {
                // The name of the target has come to mean another address, or its pool is spoken to in another way.
                kept.close();
            } else if (kept.beganWith(preamble)) {
                return taken(kept, user);
            } else {
                idle.addLast(kept);
                return takeOlder(user, preamble);
            }
        }
        return null;
    }

    private @Nullable UpstreamConnection takeOlder(UpstreamUser user, byte[] preamble) {
        Iterator<SocketConnection> newestFirst = idle.descendingIterator();
        while (newestFirst.hasNext()) {
            SocketConnection kept = newestFirst.next();
            if (kept.beganWith(preamble)) {
                newestFirst.remove();
                return taken(kept, user);
            }
        }
        return null;
    }

    private UpstreamConnection taken(SocketConnection kept, UpstreamUser user) {
        target.countRoom();
        kept.takenBy(user);
        return kept;
    }

    /** As {@link TargetConnections#connect}. */
    @Nullable UpstreamConnection connect(UpstreamUser user, byte[] preamble, long timeoutNanos) {
        return target.dial(user, preamble, List.of(), timeoutNanos);
    }

    void keep(SocketConnection connection, KeepAlive rule) {
        if (target.isRetired() || rule.connections() == 0 || !connection.wire().isOpen()) {
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
        target.countRoom();
    }

    /** An idle connection ended, grew old or said something unasked. */
    void discard(SocketConnection connection) {
        idle.remove(connection);
        target.countRoom();
        connection.close();
    }

    /** Requests that need no new connection. */
    int room() {
        return idle.size();
    }

    /** Ends the one that waits longest; false when none does. */
    boolean closeOne() {
        SocketConnection eldest = idle.pollFirst();
        if (eldest != null) {
            eldest.close();
        }
        return eldest != null;
    }

    void closeAll() {
        idle.forEach(SocketConnection::close);
        idle.clear();
    }
}
