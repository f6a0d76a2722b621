package io.halite.proxy.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes among which neither the host nor the literal beginning of the path decides. Few are tried one after the other,
 * of many those alone whose header, parameter or cookie the request has.
 */
final class RouteGroup {
    private static final int FEW = 8;

    /** In order of position. */
    private final RouteMatcher[] routes;
    private final @Nullable FieldIndex byField;

    RouteGroup(List<RouteMatcher> routes) {
        this.routes = routes.toArray(RouteMatcher[]::new);
        byField = routes.stream().filter(RouteMatcher::hasFields).count() > FEW ? new FieldIndex(routes) : null;
    }

    /** The position of the first route that matches, or {@code bound} when none comes before that. */
    int first(RequestHead head, int bound) {
        if (byField != null) {
            int found = byField.first(head, bound);
            if (found != FieldIndex.TOO_MANY) {
                return found;
            }
        }
        return first(routes, head, bound);
    }

    /** The same among these, which are in order of position. */
    static int first(RouteMatcher[] routes, RequestHead head, int bound) {
        for (RouteMatcher route : routes) {
            if (route.position() >= bound) {
                return bound;
            }
            if (route.restHolds(head)) {
                return route.position();
            }
        }
        return bound;
    }
}
