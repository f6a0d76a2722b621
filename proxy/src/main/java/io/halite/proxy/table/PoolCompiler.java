package io.halite.proxy.table;

import io.halite.config.HostPort;
import io.halite.config.Pool;
import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.health.Health;
import io.halite.health.HealthTable;
import io.halite.proxy.balance.PoolEntry;
import io.halite.proxy.balance.PoolMember;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles pools, keeping what outlives a table: entries of pools and targets, and whole tables that did not change. */
final class PoolCompiler {
    private final int loops;
    private final Ticker ticker;
    private final byte[] stickyKey;
    private final Labels poolNames;
    private final Labels targetLabels = new Labels();
    private long version;

    PoolCompiler(int loops, Ticker ticker, byte[] stickyKey, Labels poolNames) {
        this.loops = loops;
        this.ticker = ticker;
        this.stickyKey = stickyKey.clone();
        this.poolNames = poolNames;
    }

    PoolTable compile(String name, Pool pool, ConfigState state, HealthTable health, @Nullable PoolTable previous) {
        List<PoolMember> members = members(name, pool, state, health, previous);
        if (previous != null && previous.isOf(pool, members)) {
            return previous;
        }
        PoolEntry entry = previous == null ? new PoolEntry(poolNames.id(name), name, loops) : previous.entry();
        return new PoolTable(entry, ++version, pool, members, previous, ticker.nanos(), stickyKey);
    }

    private List<PoolMember> members(
            String name, Pool pool, ConfigState state, HealthTable health, @Nullable PoolTable previous) {
        Map<String, PoolMember> known = new HashMap<>();
        if (previous != null) {
            previous.members().forEach(member -> known.put(member.entry().ref().target(), member));
        }
        List<PoolMember> members = new ArrayList<>();
        for (Target target : pool.targets()) {
            TargetRef ref = new TargetRef(name, target.name());
            PoolMember before = known.get(target.name());
            TargetEntry entry = before != null && before.entry().address().equals(target.address())
                    ? before.entry() : entry(ref, target.address());
            Health is = health.health(ref);
            if (before != null && before.health() != Health.HEALTHY && is == Health.HEALTHY) {
                entry.ejection().lift();
            }
            members.add(new PoolMember(entry, target.weight(), target.priority(), state.adminState(ref), is));
        }
        return members;
    }

    private TargetEntry entry(TargetRef ref, HostPort address) {
        return new TargetEntry(targetLabels.id(ref + " at " + address), ref, address, loops);
    }
}
