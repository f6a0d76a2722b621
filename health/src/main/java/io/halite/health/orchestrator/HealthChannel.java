package io.halite.health.orchestrator;

import java.util.List;

/**
 * The way between the nodes of a cluster, as health checking needs it: authenticated, bounded, best effort. Messages
 * may be lost, late, doubled or out of order; nothing here depends on more. A node may send to itself.
 */
public interface HealthChannel {

    /**
     * A node of the cluster.
     *
     * @param id stable, internal
     * @param name as people know it
     * @param draining whether it shall give its work away, because it is about to leave or restart
     */
    record Member(String id, String name, boolean draining) {}

    /**
     * Where this node stands.
     *
     * @param self the id of this node
     * @param leader the id of the leader, empty when none is known
     * @param term the Raft term in which this is so
     * @param members all nodes, this one too
     */
    record Standing(String self, String leader, long term, List<Member> members) {
        public Standing {
            members = List.copyOf(members);
        }

        /** Whether this node leads. */
        public boolean isLeading() {
            return self.equals(leader);
        }
    }

    /** A memory read. */
    Standing standing();

    /** Sends to a node, without waiting for anything; drops the message when the node cannot be reached. */
    void send(String node, byte[] message);

    /** Calls the receiver with every message from another node or this one; once, before anything is sent. */
    void receive(Receiver receiver);

    /** Takes messages from any thread; must not block. */
    @FunctionalInterface
    interface Receiver {
        /**
         * A message came.
         *
         * @param from the id of the sender, authenticated by the channel
         */
        void received(String from, byte[] message);
    }
}
