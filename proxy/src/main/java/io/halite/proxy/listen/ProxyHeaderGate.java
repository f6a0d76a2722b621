package io.halite.proxy.listen;

import io.halite.config.Limits;
import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.accesslog.RelayLog;
import io.halite.proxy.proxyprotocol.ProxyHeaderReader;
import io.halite.proxy.relay.AcceptHandler;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.route.AddressSet;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.upstream.ListenerView;
import io.halite.proxy.upstream.LoopUpstreams;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a listener and takes the PROXY header off the connections of trusted senders; a trusted sender that
 * sends none is refused. The connections of all others pass as they come: a header there is not believed, and whatever
 * the listener speaks is what it makes of it. Confined to the thread of its loop.
 *
 * <p>Nothing behind the header is read, so the listener finds a socket as if the client itself had connected to it.
 */
final class ProxyHeaderGate {
    private static final String BAD_HEADER = "BAD_PROXY_HEADER";

    private final LoopUpstreams upstreams;
    private final ListenerView view;
    private final @Nullable RelayLog log;
    private final Set<Connection> waiting = new HashSet<>();
    private ListenerTable seen;
    private AddressSet trusted;

    /**
     * A gate before a listener.
     *
     * @param table of the listener as it stands when it opens
     * @param log hears of connections turned away; null for nobody
     */
    ProxyHeaderGate(LoopUpstreams upstreams, ListenerTable table, @Nullable RelayLog log) {
        this.upstreams = upstreams;
        this.log = log;
        view = new ListenerView(upstreams, table);
        seen = table;
        trusted = new AddressSet(table.listener().proxyProtocol());
    }

    /** Hands the connection on, at once or when its header is through. */
    void admit(Connection connection, AcceptHandler next) {
        if (!trusted().contains(connection.peerAddress())) {
            next.accepted(connection);
            return;
        }
        waiting.add(connection);
        connection.handler(new Waiting(next));
        connection.deadlineIn(seen.timeouts().requestHeader().toNanos());
        connection.reading(true);
    }

    /** The limits of the listener behind it, as they stand now. */
    Limits limits() {
        return view.current().limits();
    }

    /** Closes a connection that may not pass. */
    void turnAway(Connection connection, RelayEnd end, String reason) {
        if (log != null) {
            log.turnedAway(view.current(), connection.peerAddress(), end, reason);
        }
        upstreams.traffic().refused(reason);
        connection.abort();
    }

    /** Connections whose header is not complete. */
    int waiting() {
        return waiting.size();
    }

    /** Tables that did not change are the same object. */
    @SuppressWarnings("ReferenceEquality")
    private AddressSet trusted() {
        ListenerTable current = view.current();
        if (current != seen) {
            seen = current;
            trusted = new AddressSet(current.listener().proxyProtocol());
        }
        return trusted;
    }

    private void refuse(Connection connection) {
        waiting.remove(connection);
        turnAway(connection, RelayEnd.REFUSED, BAD_HEADER);
    }

    private void drop(Connection connection) {
        waiting.remove(connection);
        connection.abort();
    }

    /** A connection whose header is not complete. */
    private final class Waiting implements ConnectionHandler {
        private final AcceptHandler next;
        private final ProxyHeaderReader header = new ProxyHeaderReader();

        Waiting(AcceptHandler next) {
            this.next = next;
        }

        @Override
        public void readable(Connection connection) {
            IoBuffer input = connection.loop().input();
            int got = connection.read(input, 0, header.wants());
            if (got < 0) {
                drop(connection);
                return;
            }
            if (got > 0) {
                header.take(input.bytes(), 0, got);
                if (header.wants() == ProxyHeaderReader.BROKEN) {
                    refuse(connection);
                } else if (header.wants() == ProxyHeaderReader.COMPLETE) {
                    pass(connection);
                }
            }
        }

        private void pass(Connection connection) {
            waiting.remove(connection);
            connection.clearDeadline();
            connection.reading(false);
            InetSocketAddress source = header.source();
            InetSocketAddress destination = header.destination();
            if (source != null && destination != null) {
                connection.speaksFor(source, destination);
            }
            next.accepted(connection);
        }

        @Override
        public void expired(Connection connection) {
            refuse(connection);
        }

        @Override
        public void drained(Connection connection) {
            // Nothing is sent while a header is awaited.
        }

        @Override
        public void broken(Connection connection) {
            drop(connection);
        }

        @Override
        public void failed(Connection connection) {
            drop(connection);
        }
    }
}
