package io.halite.proxy.table;

import io.halite.config.Route;
import io.halite.proxy.route.RouteTable;
import java.util.List;

/**
 * The compiled routes of one load balancer, kept while they stay what they are.
 *
 * @param rules what its listeners work by
 * @param sources what was compiled
 * @param quarantined what of it is not in the table
 */
record BalancerRoutes(List<Route> sources, BalancerRules rules, RouteTable table, List<Quarantined> quarantined) {

    /** The same routes under other rules. */
    BalancerRoutes with(BalancerRules other) {
        return other == rules ? this : new BalancerRoutes(sources, other, table, quarantined);
    }
}
