package io.halite.config.peer;

/** What a node's links ask and tell the rest of the node. Called by link threads; must not block. */
public interface PeerGate {
    /** Lets everybody in and hears nothing. */
    PeerGate OPEN = new PeerGate() {};

    /** Whether a node, by its id and its certificate's serial number, has been removed from the cluster. */
    default boolean isRemoved(String nodeId, String serial) {
        return false;
    }

    /** Another node proved that it belongs to a later generation of this cluster: this node's data is history. */
    default void newerGeneration(int generation) {}

    /** Another node says that this one was removed from the cluster. */
    default void removed() {}
}
