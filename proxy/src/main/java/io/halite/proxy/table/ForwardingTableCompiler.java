package io.halite.proxy.table;

import io.halite.config.Listener;
import io.halite.config.Pool;
import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.health.HealthTable;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.route.RouteTable;
import io.halite.proxy.tls.TlsTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns config, admin states and health into forwarding tables, one after the other. Called by one thread at a time, and
 * always with the table that it made before, from which it takes over what did not change. An object that cannot be
 * compiled is left out alone; a pool that once could keeps its last table.
 */
public final class ForwardingTableCompiler {
    private final Labels poolNames = new Labels();
    private final Labels listenerLabels = new Labels();
    private final RouteCompiler routes = new RouteCompiler(poolNames);
    private final PoolCompiler pools;

    /**
     * A compiler for tables that this many relay loops share.
     *
     * @param stickyKey the cluster's key for sticky cookies: every node that has it understands the others' cookies
     */
    public ForwardingTableCompiler(int loops, Ticker ticker, byte[] stickyKey) {
        pools = new PoolCompiler(loops, ticker, stickyKey, poolNames);
    }

    /** The table of this state, sharing with the previous one what did not change; TLS stays as it was there. */
    public Compilation compile(ConfigState state, HealthTable health, ForwardingTable previous) {
        return compile(state, health, previous, previous.tls());
    }

    /** The table of this state, sharing with the previous one what did not change. */
    public Compilation compile(ConfigState state, HealthTable health, ForwardingTable previous, TlsTable tls) {
        List<Quarantined> quarantined = new ArrayList<>();
        SortedMap<String, PoolTable> poolTables = new TreeMap<>();
        state.config().pools().forEach((name, pool) -> {
            PoolTable table = pool(name, pool, state, health, previous.pools().get(name), quarantined);
            if (table != null) {
                poolTables.put(name, table);
            }
        });
        SortedMap<String, BalancerRoutes> routeTables = new TreeMap<>();
        SortedMap<String, ListenerTable> listeners = new TreeMap<>();
        state.config().loadBalancers().forEach((name, balancer) -> {
            BalancerRoutes before = previous.routes().get(name);
            BalancerRules rules = BalancerRules.of(balancer, before == null ? null : before.rules());
            BalancerRoutes compiled = before != null && before.sources().equals(balancer.routes())
                    ? before.with(rules) : routes.compile(name, balancer.routes(), rules);
            routeTables.put(name, compiled);
            quarantined.addAll(compiled.quarantined());
            for (Listener listener : balancer.listeners()) {
                ListenerTable table = listener(name, listener, compiled);
                ListenerTable old = previous.listeners().get(table.label());
                listeners.put(table.label(), table.equals(old) ? old : table);
            }
        });
        return new Compilation(
                new ForwardingTable(state.revision(), listeners, poolTables, routeTables, tls), quarantined);
    }

    private @Nullable PoolTable pool(String name, Pool pool, ConfigState state, HealthTable health,
            @Nullable PoolTable previous, List<Quarantined> quarantined) {
        try {
            return pools.compile(name, pool, state, health, previous);
        } catch (RuntimeException e) {
            // A bulkhead: whatever is wrong with one pool, the others must be served.
            quarantined.add(new Quarantined("pools/" + name, "NOT_COMPILED",
                    (previous == null ? "the pool takes no traffic: " : "the pool keeps its former targets: ") + e));
            return previous;
        }
    }

    private ListenerTable listener(String name, Listener listener, BalancerRoutes compiled) {
        String label = name + "/" + listener.name();
        return new ListenerTable(listenerLabels.id(label), label, listener, compiled.rules(),
                listener.protocol().isRouted() ? compiled.table() : RouteTable.EMPTY,
                listener.pool() == null ? ListenerTable.NO_POOL : poolNames.id(listener.pool()));
    }
}
