package io.halite.config.membership;

/** What the cluster's authority vouches for, word by word; the same in every version. Stateless. */
final class Statements {
    private Statements() {}

    /** The cluster was recovered to a generation. */
    static String generation(String clusterId, int generation) {
        return "halite generation " + clusterId + " " + generation;
    }

    /** A node was removed for good. */
    static String removal(String clusterId, String nodeId) {
        return "halite removal " + clusterId + " " + nodeId;
    }
}
