package io.halite.health.orchestrator;

/** Where the pure parts put what they want sent; they never learn whether it arrived. */
@FunctionalInterface
interface Outbox {
    void send(String node, HealthMessage message);
}
