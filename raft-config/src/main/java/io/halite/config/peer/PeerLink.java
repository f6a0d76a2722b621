package io.halite.config.peer;

import io.halite.config.store.ConfigStore.Subscription;
import io.halite.config.store.Leadership;
import java.util.SortedSet;
import java.util.function.BiConsumer;

/**
 * Soft state between nodes: messages by topic over the same authenticated links as everything else. A message arrives
 * in order or not at all, and nobody says which; send what is current again. Safe for use by many threads.
 */
public interface PeerLink {
    /** This node's id. */
    String self();

    /** The ids of the other members. */
    SortedSet<String> others();

    /** Where this node stands in Raft; the leader is named by its node id. */
    Leadership leadership();

    /** Sends a message of at most a few MiB; never waits. */
    void send(String nodeId, String topic, byte[] message);

    /**
     * Takes the messages of a topic, with the id of the node that sent them, until the subscription is closed. Called
     * on a link's reading thread: pass on work that takes time.
     */
    Subscription subscribe(String topic, BiConsumer<String, byte[]> receiver);
}
