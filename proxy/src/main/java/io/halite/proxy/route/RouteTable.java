package io.halite.proxy.route;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one load balancer, indexed by host, by the literal beginning of their paths and by the headers, parameters
 * and cookies they ask for; immutable and shared by all loops. The time of a match depends on the request and on the
 * routes that differ in none of these, not on how many routes there are.
 */
public final class RouteTable {
    /** No routes: everything is answered with 404. */
    public static final RouteTable EMPTY = new RouteTable(List.of());

    private final List<CompiledRoute> routes;
    private final CompiledRoute[] byPosition;
    private final List<RouteMatcher> matchers;
    private final HostIndex index;

    /** A table of these routes, in the order of the document; throws when one has a senseless condition. */
    public RouteTable(List<CompiledRoute> routes) {
        this(routes, (route, problem) -> {
            throw new IllegalArgumentException(route.label() + ": " + problem);
        });
    }

    /**
     * A table of these routes, in the order of the document, but for those with a senseless condition.
     *
     * @param rejected is told of each route that is left out, and why in one sentence
     */
    public RouteTable(List<CompiledRoute> routes, BiConsumer<CompiledRoute, String> rejected) {
        List<CompiledRoute> accepted = new ArrayList<>();
        matchers = new ArrayList<>();
        for (CompiledRoute route : routes) {
            try {
                matchers.add(new RouteMatcher(accepted.size(), route.source().match()));
                accepted.add(route);
            } catch (IllegalArgumentException | PatternSyntaxException e) {
                rejected.accept(route, String.valueOf(e.getMessage()));
            }
        }
        this.routes = List.copyOf(accepted);
        byPosition = accepted.toArray(CompiledRoute[]::new);
        index = new HostIndex(matchers);
    }

    /**
     * The first route that matches, in the order of the document; null when none does. Allocates nothing, but for some
     * 50 bytes per regular expression that must be tried.
     */
    public @Nullable CompiledRoute match(RequestHead head) {
        int position = index.match(head, byPosition.length);
        return position < byPosition.length ? byPosition[position] : null;
    }

    /** All routes in the order of the document. */
    public List<CompiledRoute> routes() {
        return routes;
    }

    /** Every route up to the one that matches, with what kept it from matching; for people, not for traffic. */
    public List<Trial> tryAll(RequestHead head) {
        List<Trial> trials = new ArrayList<>();
        for (RouteMatcher matcher : matchers) {
            String unmet = matcher.unmet(head);
            trials.add(new Trial(routes.get(matcher.position()), unmet));
            if (unmet == null) {
                break;
            }
        }
        return List.copyOf(trials);
    }

    /**
     * A route that was tried for a request.
     *
     * @param unmet the first condition that does not hold, such as {@code host}; null when the route matches
     */
    public record Trial(CompiledRoute route, @Nullable String unmet) {}
}
