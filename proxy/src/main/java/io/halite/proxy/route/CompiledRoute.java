package io.halite.proxy.route;

import io.halite.config.Route;

/**
 * A route as the relay loops see it.
 *
 * @param id a small number for counters; one label keeps its id for the life of the process, no two share one
 * @param label {@code lb/name}, as in metrics and logs
 * @param source the route of the document
 */
public record CompiledRoute(int id, String label, Route source, CompiledAction action, RouteEffects effects) {

    /** A route that does nothing besides its action. */
    public CompiledRoute(int id, String label, Route source, CompiledAction action) {
        this(id, label, source, action, RouteEffects.NONE);
    }
}
