package io.halite.proxy.route;

import io.halite.config.Route;

/**
 * A route as the relay loops see it.
 *
 * @param id a small number for counters; one label keeps its id for the life of the process, no two share one
 * @param label {@code lb/name}, as in metrics and logs
 * @param source the route of the document
 * @param access who may use it
 */
public record CompiledRoute(int id, String label, Route source, CompiledAction action, AccessRules access) {

    /** A route for everybody. */
    public CompiledRoute(int id, String label, Route source, CompiledAction action) {
        this(id, label, source, action, AccessRules.EVERYBODY);
    }
}
