package io.halite.config.peer;

/** What a node's links ask and tell the rest of the node. Called by link threads; must not block. */
public interface PeerGate {
    /** Lets everybody in and hears nothing. */
    PeerGate OPEN = new PeerGate() {};

    /** Whether a node, by its id and its certificate's serial number, has been removed from the cluster. */
    default boolean isRemoved(String nodeId, String serial) {
        return false;
    }

    /** The authority's word for this node's generation; empty when there is none. */
    default String generationProof() {
        return "";
    }

    /** The authority's word that a node was removed; empty when there is none. */
    default String removalProof(String nodeId) {
        return "";
    }

    /**
     * Another node says that it belongs to a later generation of this cluster, which would make this node's data history.
     *
     * @param proof the authority's word for it, to be checked: the key of one node is not enough to end another
     */
    default void newerGeneration(int generation, String proof) {}

    /**
     * Another node says that this one was removed from the cluster.
     *
     * @param proof the authority's word for it, to be checked
     */
    default void removed(String proof) {}
}
