package io.halite.proxy.table;

import io.halite.config.Revision;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.tls.TlsTable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one revision, with the admin states and the health of one moment, means to the relay loops. Immutable; a request
 * reads the reference once and keeps the table to its end. Parts that did not change are the same objects as in the
 * previous table.
 */
public final class ForwardingTable {
    /** The table of a node that has no config yet. */
    public static final ForwardingTable EMPTY = new ForwardingTable(
            Revision.ZERO, Collections.emptySortedMap(), Collections.emptySortedMap(), Collections.emptySortedMap(),
            TlsTable.EMPTY);

    private final Revision revision;
    private final SortedMap<String, ListenerTable> listeners;
    private final SortedMap<String, PoolTable> pools;
    private final SortedMap<String, BalancerRoutes> routes;
    private final TlsTable tls;
    private final @Nullable PoolTable[] poolsById;

    ForwardingTable(Revision revision, SortedMap<String, ListenerTable> listeners, SortedMap<String, PoolTable> pools,
            SortedMap<String, BalancerRoutes> routes, TlsTable tls) {
        this.revision = revision;
        this.listeners = Collections.unmodifiableSortedMap(new TreeMap<>(listeners));
        this.pools = Collections.unmodifiableSortedMap(new TreeMap<>(pools));
        this.routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
        this.tls = tls;
        int ids = pools.values().stream().mapToInt(PoolTable::id).max().orElse(-1) + 1;
        poolsById = new PoolTable[ids];
        for (PoolTable pool : pools.values()) {
            poolsById[pool.id()] = pool;
        }
    }

    public Revision revision() {
        return revision;
    }

    /** By label, {@code lb/name}. */
    public SortedMap<String, ListenerTable> listeners() {
        return listeners;
    }

    /** By name. */
    public SortedMap<String, PoolTable> pools() {
        return pools;
    }

    /** By the name of the load balancer. */
    SortedMap<String, BalancerRoutes> routes() {
        return routes;
    }

    /** How listeners and pools speak TLS. */
    public TlsTable tls() {
        return tls;
    }

    /** The pool with this id, as listeners and forward actions name it; null when this table has none. */
    public @Nullable PoolTable pool(int id) {
        return id >= 0 && id < poolsById.length ? poolsById[id] : null;
    }
}
