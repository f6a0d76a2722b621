package io.halite.config;

/** How a pool chooses among its eligible targets. */
public sealed interface Algorithm {
    Algorithm DEFAULT = new RoundRobin();

    /** Smooth weighted round robin. */
    record RoundRobin() implements Algorithm {}

    /** The less loaded, by requests in flight per weight, of two drawn at random. */
    record LeastRequest() implements Algorithm {}

    /** The lowest peak-sensitive moving average of response time, weighted by load. */
    record LeastTime() implements Algorithm {}

    /** Drawn at random by weight. */
    record Random() implements Algorithm {}

    /** The first target with room, in the order of the document. */
    record First() implements Algorithm {}

    /** Consistent hashing; a request without the key falls back to round robin. */
    record Hash(HashKey key) implements Algorithm {}

    /** What {@link Hash} hashes. */
    sealed interface HashKey {
        /** The address of the client. */
        record ClientAddress() implements HashKey {}

        /** The path without the query. */
        record Path() implements HashKey {}

        /** The path with the query. */
        record Uri() implements HashKey {}

        /** A header by name, in lower case. */
        record Header(String name) implements HashKey {}

        /** A cookie by name. */
        record Cookie(String name) implements HashKey {}
    }
}
