package io.halite.proxy.listen;

import io.halite.proxy.relay.AcceptHandler;
import io.halite.proxy.relay.ConnectFailure;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.TlsConnection;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.tls.ServerTls;
import io.halite.proxy.traffic.ListenerCounters;
import io.halite.proxy.upstream.ListenerView;
import io.halite.proxy.upstream.LoopUpstreams;

/** Shakes hands with the clients of an https listener before anybody else sees them. Confined to the loop's thread. */
final class TlsEntrance {
    private final LoopUpstreams upstreams;
    private final ListenerView view;
    private final ListenerCounters counters;
    /** As the table said last: who comes before the listener is in the loop's table, or while it leaves it, is let in. */
    private ServerTls latest;
    private int shaking;

    /** The entrance of a listener, as it stands when it opens. */
    TlsEntrance(LoopUpstreams upstreams, ListenerTable table, ServerTls tls) {
        this.upstreams = upstreams;
        latest = tls;
        view = new ListenerView(upstreams, table);
        counters = upstreams.traffic().listener(table.label());
    }

    /** Handshakes under way. */
    int shaking() {
        return shaking;
    }

    /** Begins the handshake; the connection that comes of it goes on to {@code next}. */
    void admit(Connection socket, AcceptHandler next) {
        ListenerTable table = view.current();
        ServerTls listed = upstreams.table().tls().listener(table.label());
        latest = listed == null ? latest : listed;
        shaking++;
        TlsConnection.accept(socket, latest.session(), upstreams.crew(), new Guest(next))
                .deadlineIn(table.timeouts().requestHeader().toNanos());
    }

    /** A client until it is let in. */
    private final class Guest implements ConnectionHandler {
        private final AcceptHandler next;

        Guest(AcceptHandler next) {
            this.next = next;
        }

        @Override
        public void connected(Connection connection) {
            shaking--;
            counters.handshake();
            connection.clearDeadline();
            next.accepted(connection);
        }

        @Override
        public void connectFailed(Connection connection, ConnectFailure failure) {
            shaking--;
            counters.handshakeFailed();
        }

        @Override
        public void expired(Connection connection) {
            turnAway(connection);
        }

        @Override
        public void broken(Connection connection) {
            turnAway(connection);
        }

        @Override
        public void failed(Connection connection) {
            turnAway(connection);
        }

        private void turnAway(Connection connection) {
            shaking--;
            counters.handshakeFailed();
            connection.abort();
        }

        @Override
        public void readable(Connection connection) {
            throw new IllegalStateException("nothing is read before the handshake is over");
        }

        @Override
        public void drained(Connection connection) {
            throw new IllegalStateException("nothing is sent before the handshake is over");
        }
    }
}
