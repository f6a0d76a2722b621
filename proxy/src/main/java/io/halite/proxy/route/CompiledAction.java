package io.halite.proxy.route;

/** What a relay loop does with a request that a route took, with everything prepared that can be. */
public sealed interface CompiledAction {

    /** Relays to one of the pools, by weight; a pool is given by its id in the forwarding table. */
    final class Forward implements CompiledAction {
        private final int[] pools;
        private final int[] weights;

        /** A split over at least one pool with a positive weight. */
        public Forward(int[] pools, int[] weights) {
            this.pools = pools.clone();
            this.weights = weights.clone();
        }

        /** How many pools the requests are split over. */
        public int size() {
            return pools.length;
        }

        /** The id of a pool. */
        public int pool(int at) {
            return pools[at];
        }

        /** The share of a pool. */
        public int weight(int at) {
            return weights[at];
        }
    }

    /** Answers with a redirect. */
    record Redirect(ReadyAnswer answer) implements CompiledAction {}

    /** Answers with a redirect to what is partly taken from the request. */
    record RedirectTo(int status, RedirectLocation location) implements CompiledAction {}

    /** Answers by itself. */
    record Respond(ReadyAnswer answer) implements CompiledAction {}

    /**
     * Answers 503: the route is quarantined, and falling through to a later route could leak requests.
     *
     * @param reason one sentence for the error body
     */
    record Unavailable(String reason) implements CompiledAction {}
}
