package io.halite.proxy.table;

import io.halite.config.Revision;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a request and why, for people.
 *
 * @param listener {@code lb/name}; null when nothing listens for such a request
 * @param note a sentence about how the listener was found; empty when it was plain
 * @param routes the routes that were tried, in order; the last one matched unless {@code route} is null
 * @param route {@code lb/name}; null when none matched, which is answered with 404
 * @param action what is done with it in the end
 * @param pools where the request may go to, with the choice in each; empty unless it is forwarded
 */
public record Explanation(
        Revision revision, @Nullable String listener, String note, List<RouteTrial> routes, @Nullable String route,
        Action action, List<PoolChoice> pools) {

    public Explanation {
        routes = List.copyOf(routes);
        pools = List.copyOf(pools);
    }

    /** What can be done with a request; {@code UNAVAILABLE} is the answer of a route that is out of service. */
    public enum Fate { NO_LISTENER, REFUSED, NO_ROUTE, FORWARD, REDIRECT, RESPOND, UNAVAILABLE }

    /**
     * What is done with a request.
     *
     * @param sentence the same for people, with the status it is answered with
     */
    public record Action(Fate fate, String sentence) {}

    /**
     * A route that was tried.
     *
     * @param unmet the first condition that did not hold, with what it wants; empty when the route matched
     */
    public record RouteTrial(String route, String unmet) {}

    /**
     * The choice within a pool.
     *
     * @param share which part of the route's requests it gets, such as {@code 90 of 100}
     * @param panicking whether too few targets were eligible, so that {@code whenAllDown} decided
     * @param choice {@code pool/target}; null when there is none to offer, which is answered with 503
     * @param because one sentence
     */
    public record PoolChoice(
            String pool, String share, String algorithm, boolean panicking, List<Candidate> targets,
            @Nullable String choice, String because) {
        public PoolChoice {
            targets = List.copyOf(targets);
        }
    }

    /**
     * A target of the pool.
     *
     * @param priority 0 for the first choice
     * @param standing such as {@code eligible} or {@code draining}
     * @param candidate whether it takes new requests
     * @param ejectedFor what is left of an ejection at this node; zero when there is none
     * @param share of its weight while it warms up, else 1
     */
    public record Candidate(
            String target, String address, int weight, int priority, String adminState, String health, String standing,
            boolean candidate, Duration ejectedFor, double share, int inFlight) {}
}
