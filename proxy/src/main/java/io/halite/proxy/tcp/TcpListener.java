package io.halite.proxy.tcp;

import io.halite.config.Protocol;
import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.accesslog.RelayEntry;
import io.halite.proxy.accesslog.RelayLog;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.Departures;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.LoopListener;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.traffic.ListenerCounters;
import io.halite.proxy.upstream.ListenerView;
import io.halite.proxy.upstream.LoopUpstreams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tcp} or {@code tls} listener within one loop; of TLS it reads the server name, which chooses the pool. When it
 * closes, its connections go on: nothing in a stream of bytes says good bye, and a database session is not ours to cut
 * before the config's time for it is over.
 */
public final class TcpListener implements LoopListener {
    private final LoopUpstreams upstreams;
    private final ListenerView view;
    private final ListenerCounters counters;
    private final @Nullable RelayLog log;
    private final SplittableRandom random;
    private final Set<TcpRelay> relays = new LinkedHashSet<>();
    private final Set<HelloReader> readers = new HashSet<>();
    private final Departures departures;
    private boolean removed;
    private SortedMap<String, String> namesSeen = Collections.emptySortedMap();
    private ServerNames names = new ServerNames(namesSeen);

    /**
     * A listener without connections.
     *
     * @param table as it stands when the listener opens
     * @param log of its connections; null for none
     */
    public TcpListener(LoopUpstreams upstreams, ListenerTable table, @Nullable RelayLog log) {
        this.upstreams = upstreams;
        this.log = log;
        view = new ListenerView(upstreams, table);
        counters = upstreams.traffic().listener(table.label());
        random = new SplittableRandom();
        departures = new Departures(upstreams.loop());
    }

    @Override
    public void accepted(Connection connection) {
        counters.accepted();
        accept(connection);
        if (removed) {
            // It was held up at the gate when the listener went.
            expectDepartures();
        }
    }

    private void accept(Connection connection) {
        if (!table().rules().access().admits(connection.peerAddress())) {
            upstreams.traffic().refused("FORBIDDEN");
            if (log != null) {
                log.turnedAway(table(), connection.peerAddress(), RelayEnd.REFUSED, "FORBIDDEN");
            }
            counters.closed();
            connection.abort();
            return;
        }
        RelayEntry entry = log == null ? null : log.began(table(), connection.peerAddress());
        if (table().listener().protocol() == Protocol.TLS) {
            HelloReader reader = new HelloReader(this, connection, entry);
            readers.add(reader);
            reader.start();
        } else {
            relay(new TcpRelay(this, connection, new HeldBytes(connection.loop().buffers()), entry),
                    upstreams.table().pool(table().pool()));
        }
    }

    /** The beginning is read, and it says which pool this is for. */
    void relay(HelloReader reader, TcpRelay relay, @Nullable PoolTable pool) {
        readers.remove(reader);
        relay(relay, pool);
    }

    private void relay(TcpRelay relay, @Nullable PoolTable pool) {
        relays.add(relay);
        relay.start(pool);
    }

    @Override
    public int open() {
        return relays.size() + readers.size();
    }

    @Override
    public void close(long spreadNanos) {
        // Accepting has stopped already.
    }

    @Override
    public void remove(long spreadNanos) {
        removed = true;
        departures.cancel();
        expectDepartures();
    }

    /** Nobody can be asked. */
    @Override
    public void dismiss(long spreadNanos) {
        expectDepartures();
    }

    @Override
    public void recall() {
        departures.cancel();
    }

    private void expectDepartures() {
        List<Connection> clients = new ArrayList<>();
        relays.forEach(relay -> clients.add(relay.client()));
        readers.forEach(reader -> clients.add(reader.client()));
        departures.expect(clients, table().timeouts().drain().toNanos());
    }

    LoopUpstreams upstreams() {
        return upstreams;
    }

    ListenerTable table() {
        return view.current();
    }

    /** The pools by server name, as the document says now. */
    ServerNames serverNames() {
        SortedMap<String, String> current = table().listener().serverNames();
        if (!current.equals(namesSeen)) {
            namesSeen = current;
            names = new ServerNames(current);
        }
        return names;
    }

    ListenerCounters counters() {
        return counters;
    }

    SplittableRandom random() {
        return random;
    }

    void forget(HelloReader reader) {
        if (readers.remove(reader)) {
            counters.closed();
            departures.ended(reader.client());
        }
    }

    void forget(TcpRelay relay) {
        if (relays.remove(relay)) {
            counters.closed();
            departures.ended(relay.client());
        }
    }
}
