package io.halite.proxy.table;

import io.halite.config.Ticker;
import io.halite.health.PassiveSignals;
import io.halite.proxy.balance.Balancer;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.WeightedSplit;
import io.halite.proxy.route.CompiledAction.Forward;
import io.halite.proxy.route.CompiledRoute;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The balancing state of one relay loop: a balancer per pool, a split per route. Confined to the loop's thread. */
public final class LoopBalancers {
    private final int loop;
    private final Ticker ticker;
    private final InstantSource clock;
    private final PassiveSignals signals;
    private @Nullable Balancer[] balancers = new Balancer[0];
    private @Nullable WeightedSplit[] splits = new WeightedSplit[0];

    /**
     * State without history.
     *
     * @param loop from 0; below the number of loops the tables were compiled for
     * @param ticker the one the tables were compiled with, or the loop's cached reading of it
     * @param signals hears of every target that could not be connected to
     */
    public LoopBalancers(int loop, Ticker ticker, InstantSource clock, PassiveSignals signals) {
        this.loop = loop;
        this.ticker = ticker;
        this.clock = clock;
        this.signals = signals;
    }

    /** Forgets what the newest table no longer has; the loop calls it when it first sees a table. */
    public void adopt(ForwardingTable table) {
        for (int id = 0; id < balancers.length; id++) {
            if (table.pool(id) == null) {
                balancers[id] = null;
            }
        }
    }

    /**
     * The pool that the next request of a route goes to, by weight; null when none of the action's pools is in the table.
     */
    public @Nullable PoolTable choosePool(CompiledRoute route, Forward forward, ForwardingTable table) {
        if (forward.size() == 1) {
            return table.pool(forward.pool(0));
        }
        WeightedSplit split = split(route.id(), forward.size());
        for (int part = 0; part < forward.size(); part++) {
            split.offer(part, table.pool(forward.pool(part)) == null ? 0 : forward.weight(part));
        }
        int part = split.take();
        return part < 0 ? null : table.pool(forward.pool(part));
    }

    private WeightedSplit split(int route, int parts) {
        if (route >= splits.length) {
            splits = Arrays.copyOf(splits, Integer.highestOneBit(route + 8) * 2);
        }
        WeightedSplit split = splits[route];
        if (split == null || split.size() != parts) {
            split = new WeightedSplit(parts);
            splits[route] = split;
        }
        return split;
    }

    /** The loop's balancer of this pool. */
    public Balancer of(PoolTable pool) {
        if (pool.id() >= balancers.length) {
            balancers = Arrays.copyOf(balancers, Integer.highestOneBit(pool.id() + 8) * 2);
        }
        Balancer known = balancers[pool.id()];
        if (known == null) {
            known = new Balancer(loop, pool, ticker, clock, signals);
            balancers[pool.id()] = known;
        }
        return known;
    }
}
