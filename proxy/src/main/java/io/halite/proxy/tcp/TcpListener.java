package io.halite.proxy.tcp;

import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.LoopListener;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.traffic.ListenerCounters;
import io.halite.proxy.upstream.ListenerView;
import io.halite.proxy.upstream.LoopUpstreams;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A {@code tcp} listener within one loop. When it closes, its connections go on: nothing in a stream of bytes says good
 * bye, and a database session is not ours to cut.
 */
public final class TcpListener implements LoopListener {
    private final LoopUpstreams upstreams;
    private final ListenerView view;
    private final ListenerCounters counters;
    private final SplittableRandom random;
    private final Set<TcpRelay> relays = new LinkedHashSet<>();

    /** A listener without connections, with its table as it stands when the listener opens. */
    public TcpListener(LoopUpstreams upstreams, ListenerTable table) {
        this.upstreams = upstreams;
        view = new ListenerView(upstreams, table);
        counters = upstreams.traffic().listener(table.label());
        random = new SplittableRandom();
    }

    @Override
    public void accepted(Connection connection) {
        counters.accepted();
        if (!table().rules().access().admits(connection.peerAddress())) {
            upstreams.traffic().refused("FORBIDDEN");
            counters.closed();
            connection.abort();
            return;
        }
        TcpRelay relay = new TcpRelay(this, connection);
        relays.add(relay);
        relay.start();
    }

    @Override
    public int open() {
        return relays.size();
    }

    @Override
    public void close() {
        // Accepting has stopped already.
    }

    LoopUpstreams upstreams() {
        return upstreams;
    }

    ListenerTable table() {
        return view.current();
    }

    ListenerCounters counters() {
        return counters;
    }

    SplittableRandom random() {
        return random;
    }

    void forget(TcpRelay relay) {
        if (relays.remove(relay)) {
            counters.closed();
        }
    }
}
