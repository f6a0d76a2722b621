package io.halite.proxy.table;

import io.halite.config.Ticker;
import io.halite.proxy.balance.Balancer;
import io.halite.proxy.balance.PoolTable;
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
    private @Nullable Balancer[] balancers = new Balancer[0];

    /**
     * State without history.
     *
     * @param loop from 0; below the number of loops the tables were compiled for
     * @param ticker may be the loop's cached time
     */
    public LoopBalancers(int loop, Ticker ticker, InstantSource clock) {
        this.loop = loop;
        this.ticker = ticker;
        this.clock = clock;
    }

    /** Forgets what the newest table no longer has; the loop calls it when it first sees a table. */
    public void adopt(ForwardingTable table) {
        for (int id = 0; id < balancers.length; id++) {
            if (table.pool(id) == null) {
                balancers[id] = null;
            }
        }
    }

    /** The pool that the next request of the route goes to, by weight; null when none of its pools is in the table. */
    public @Nullable PoolTable choosePool(CompiledRoute route, ForwardingTable table) {
        return route.action() instanceof Forward forward ? table.pool(forward.pool(0)) : null;
    }

    /** The loop's balancer of this pool. */
    public Balancer of(PoolTable pool) {
        if (pool.id() >= balancers.length) {
            balancers = Arrays.copyOf(balancers, Math.max(8, Integer.highestOneBit(pool.id()) * 2));
        }
        Balancer known = balancers[pool.id()];
        if (known == null) {
            known = new Balancer(loop, pool, ticker, clock);
            balancers[pool.id()] = known;
        }
        return known;
    }
}
