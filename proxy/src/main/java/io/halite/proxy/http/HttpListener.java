package io.halite.proxy.http;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.LoopListener;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.traffic.ListenerCounters;
import io.halite.proxy.upstream.ListenerView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** A routed listener within one loop: it makes connections of accepted sockets and lets them go when it closes. */
public final class HttpListener implements LoopListener {
    private static final long SPREAD_NANOS = 1_000_000_000L;

    private final HttpLoop http;
    private final boolean secure;
    private final ListenerCounters counters;
    private final Set<ClientConnection> connections = new LinkedHashSet<>();
    private final ListenerView view;
    private boolean closing;

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
    }

    @Override
    public void accepted(Connection connection) {
        counters.accepted();
        ClientConnection client = new ClientConnection(http, this, connection);
        connections.add(client);
        client.open(current());
        if (closing) {
            // Its handshake was under way when the listener closed: it still gets an answer.
            client.listenerCloses(http.random.nextLong(SPREAD_NANOS));
        }
    }

    @Override
    public int open() {
        return connections.size();
    }

    /**
     * Answers what is under way and what comes meanwhile, each with {@code Connection: close}; idle connections are
     * closed over the next second, so that not all clients come back at once.
     */
    @Override
    public void close() {
        closing = true;
        for (ClientConnection client : new ArrayList<>(connections)) {
            client.listenerCloses(http.random.nextLong(SPREAD_NANOS));
        }
    }

    /** Serves a stream of a connection that is counted already. */
    void serve(Connection stream) {
        new ClientConnection(http, this, stream).open(current());
    }

    /** Counts what a client did wrong. */
    void refused(String reason) {
        http.upstreams.traffic().refused(reason);
    }

    /** This listener in the table in force. */
    ListenerTable current() {
        return view.current();
    }

    boolean isClosing() {
        return closing;
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
        }
    }
}
