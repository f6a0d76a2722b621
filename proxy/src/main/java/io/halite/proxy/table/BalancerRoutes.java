package io.halite.proxy.table;

import io.halite.config.Route;
import io.halite.proxy.route.RouteTable;
import java.util.List;

/**
 * The compiled routes of one load balancer, kept while they stay what they are.
 *
 * @param sources what was compiled
 * @param quarantined what of it is not in the table
 */
record BalancerRoutes(List<Route> sources, RouteTable table, List<Quarantined> quarantined) {}
