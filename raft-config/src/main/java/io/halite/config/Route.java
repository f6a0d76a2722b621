package io.halite.config;

/**
 * An ordered entry of a load balancer: when the match holds, the action is taken.
 *
 * @param name given, or derived from the position: {@code r1}, {@code r2}, …
 */
public record Route(String name, RouteMatch match, Action action, RouteSettings settings) {

    /** A route that does nothing besides its action. */
    public Route(String name, RouteMatch match, Action action) {
        this(name, match, action, RouteSettings.DEFAULT);
    }
}
