package io.halite.health.orchestrator;

import io.halite.config.HealthCheck;
import io.halite.config.HealthCheck.Kind;
import io.halite.health.probe.ProbeKey;

/**
 * A probe as the planner sees it.
 *
 * @param cost what it takes of a node per unit of time, in arbitrary units; at least 1
 * @param vantages nodes that shall run it
 */
record Task(long probe, int cost, int vantages) {
    /** One TCP probe in this time costs 1; finer would only stir the balance. */
    private static final long UNIT_MILLIS = 100_000;

    static Task of(ProbeKey key, int vantages) {
        long interval = Math.max(1, key.check().interval().toMillis());
        return new Task(key.id(), (int) Math.max(1, UNIT_MILLIS * weight(key.check().kind()) / interval), vantages);
    }

    /** Relative to a TCP connection: an estimate by the round trips and cryptography of each kind, not a measurement. */
    private static int weight(Kind kind) {
        return switch (kind) {
            case HealthCheck.None _ -> 0;
            case HealthCheck.Tcp _, HealthCheck.Udp _, HealthCheck.Dns _, HealthCheck.Agent _ -> 1;
            case HealthCheck.Grpc _ -> 2;
            case HealthCheck.Http http -> http.tls() ? 6 : 1;
            case HealthCheck.Tls _ -> 6;
        };
    }
}
