package io.halite.proxy.http;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.Departures;
import io.halite.proxy.relay.LoopListener;
import io.halite.proxy.relay.Timed;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.traffic.ListenerCounters;
import io.halite.proxy.upstream.ListenerView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A routed listener within one loop: it makes connections of accepted sockets and lets them go when it closes. */
public final class HttpListener implements LoopListener {
    private static final long TICK_NANOS = 50_000_000;

    private final HttpLoop http;
    private final boolean secure;
    private final ListenerCounters counters;
    private final Set<ClientConnection> connections = new LinkedHashSet<>();
    private final ListenerView view;
    private final Departures departures;
    private boolean closing;
    private boolean removed;

    /**
     * A listener without connections.
     *
     * @param table as it stands when the listener opens
     * @param secure whether clients speak TLS, which the socket has taken off already
     */
    public HttpListener(HttpLoop http, ListenerTable table, boolean secure) {
        this.http = http;
        view = new ListenerView(http.upstreams, table);
        this.secure = secure;
        counters = http.upstreams.traffic().listener(table.label());
        departures = new Departures(http.loop());
    }

    @Override
    public void accepted(Connection connection) {
        counters.accepted();
        ClientConnection client = new ClientConnection(http, this, connection, null);
        connections.add(client);
        client.open(current());
        if (closing) {
            // Its handshake was under way when the listener closed: it still gets an answer.
            client.leave();
        }
        if (removed) {
            expectDepartures();
        }
        // Its request has come already, as a rule: whoever answers it works while this loop sees to the others.
        client.readable(connection);
    }

    @Override
    public int open() {
        return connections.size();
    }

    @Override
    public void close(long spreadNanos) {
        closing = true;
        ask(ClientConnection::leave, connections, spreadNanos);
    }

    @Override
    public void remove(long spreadNanos) {
        close(spreadNanos);
        removed = true;
        departures.cancel();
        expectDepartures();
    }

    /** Nobody is in a hurry: an idle connection is not closed, since a request may be on its way. */
    @Override
    public void dismiss(long spreadNanos) {
        ask(ClientConnection::endWithNext, connections.stream().filter(client -> !client.isLeaving()).toList(), spreadNanos);
        expectDepartures();
    }

    @Override
    public void recall() {
        departures.cancel();
    }

    private void expectDepartures() {
        departures.expect(connections.stream().map(ClientConnection::wire).toList(),
                current().timeouts().drain().toNanos());
    }

    /**
     * Asks its clients to leave, one after the other in no order: an idle connection is closed, another's next response
     * says {@code Connection: close}, or HTTP/2's GOAWAY is sent. Until its turn comes a client notices nothing.
     */
    private void ask(Consumer<ClientConnection> how, Collection<ClientConnection> clients, long spreadNanos) {
        List<ClientConnection> order = new ArrayList<>(clients);
        Collections.shuffle(order, http.shuffle);
        new Leaving(how, order, Math.max(1, spreadNanos / TICK_NANOS)).expired();
    }

    /** Those who are still to be asked to leave, an equal share with each tick. */
    private final class Leaving extends Timed {
        private final Consumer<ClientConnection> how;
        private final List<ClientConnection> waiting;
        private final int share;

        Leaving(Consumer<ClientConnection> how, List<ClientConnection> waiting, long ticks) {
            this.how = how;
            this.waiting = waiting;
            share = (int) ((waiting.size() + ticks - 1) / ticks);
        }

        @Override
        protected void expired() {
            for (int asked = 0; asked < share && !waiting.isEmpty(); asked++) {
                how.accept(waiting.removeLast());
            }
            if (!waiting.isEmpty()) {
                http.loop().deadline(this, TICK_NANOS);
            }
        }
    }

    /** Serves a stream of a client's connection, which is counted already. */
    void serve(Connection stream, ClientConnection client) {
        new ClientConnection(http, this, stream, client).open(current());
    }

    /** Counts what a client did wrong. */
    void refused(String reason) {
        http.upstreams.traffic().refused(reason);
    }

    /** This listener in the table in force. */
    ListenerTable current() {
        return view.current();
    }

    boolean isSecure() {
        return secure;
    }

    ListenerCounters counters() {
        return counters;
    }

    void forget(ClientConnection client) {
        if (connections.remove(client)) {
            counters.closed();
            departures.ended(client.wire());
        }
    }
}
