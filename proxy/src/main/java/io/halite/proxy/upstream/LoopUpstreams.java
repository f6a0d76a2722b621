package io.halite.proxy.upstream;

import io.halite.proxy.balance.PoolEntry;
import io.halite.proxy.balance.PoolMember;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.table.LoopBalancers;
import io.halite.proxy.traffic.LoopTraffic;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one loop needs to bring a request to a target: the table in force, its balancers, its connections, its counters.
 * Confined to the thread of the loop.
 */
public final class LoopUpstreams {
    private final Loop loop;
    private final AtomicReference<ForwardingTable> tables;
    private final LoopBalancers balancers;
    private final LoopTraffic traffic;
    private final Executor crew;
    private ForwardingTable seen = ForwardingTable.EMPTY;
    private @Nullable TargetConnections[] byTarget = new TargetConnections[16];
    private @Nullable WaitingRequests[] byPool = new WaitingRequests[16];

    /**
     * What a loop needs, without connections yet.
     *
     * @param crew does what takes long in TLS handshakes
     */
    public LoopUpstreams(Loop loop, AtomicReference<ForwardingTable> tables, LoopBalancers balancers,
            LoopTraffic traffic, Executor crew) {
        this.loop = loop;
        this.tables = tables;
        this.balancers = balancers;
        this.traffic = traffic;
        this.crew = crew;
    }

    /** The table in force; a request reads it once and keeps it to its end. */
    public ForwardingTable table() {
        ForwardingTable current = tables.get();
        if (current != seen) {
            seen = current;
            balancers.adopt(current);
            retireAllBut(current);
        }
        return current;
    }

    public Loop loop() {
        return loop;
    }

    public LoopBalancers balancers() {
        return balancers;
    }

    public LoopTraffic traffic() {
        return traffic;
    }

    public Executor crew() {
        return crew;
    }

    /** The connections to a target. */
    public TargetConnections connections(TargetEntry target) {
        int id = target.id();
        if (id >= byTarget.length) {
            byTarget = Arrays.copyOf(byTarget, Math.max(id + 1, 2 * byTarget.length));
        }
        TargetConnections known = byTarget[id];
        if (known == null || known.target() != target) {
            if (known != null) {
                known.retire();
            }
            known = new TargetConnections(this, target);
            byTarget[id] = known;
        }
        return known;
    }

    /** The queue of this loop before the targets of a pool. */
    public WaitingRequests waiting(PoolEntry pool) {
        int id = pool.id();
        if (id >= byPool.length) {
            byPool = Arrays.copyOf(byPool, Math.max(id + 1, 2 * byPool.length));
        }
        WaitingRequests known = byPool[id];
        if (known == null || known.pool() != pool) {
            known = new WaitingRequests(this, pool);
            byPool[id] = known;
        }
        return known;
    }

    private void retireAllBut(ForwardingTable table) {
        Set<TargetEntry> present = Collections.newSetFromMap(new IdentityHashMap<>());
        for (PoolTable pool : table.pools().values()) {
            for (PoolMember member : pool.members()) {
                present.add(member.entry());
            }
        }
        for (int id = 0; id < byTarget.length; id++) {
            TargetConnections known = byTarget[id];
            if (known != null && !present.contains(known.target())) {
                known.retire();
                byTarget[id] = null;
            }
        }
    }
}
