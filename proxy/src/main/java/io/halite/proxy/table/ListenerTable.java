package io.halite.proxy.table;

import io.halite.config.Limits;
import io.halite.config.Listener;
import io.halite.config.Timeouts;
import io.halite.proxy.route.RouteTable;

/**
 * What a listener's connections work by.
 *
 * @param id a small number for counters; one label keeps it for the life of the process
 * @param label {@code lb/name}
 * @param rules of its load balancer
 * @param routes of its load balancer; empty unless the protocol is routed
 * @param pool id of the pool that a tcp, tls or udp listener relays to, which the table may lack; {@link #NO_POOL} when
 *     the protocol is routed
 */
public record ListenerTable(
        int id, String label, Listener listener, BalancerRules rules, RouteTable routes, int pool) {
    public static final int NO_POOL = -1;

    /** Those of its load balancer. */
    public Timeouts timeouts() {
        return rules.timeouts();
    }

    /** Those of its load balancer. */
    public Limits limits() {
        return rules.limits();
    }
}
