package io.halite.config.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.option.NodeOptions;
import io.halite.config.peer.PeerNetwork;
import org.jspecify.annotations.Nullable;

/**
 * JRaft's options with this node's links, which JRaft hands to the client it makes through a JVM-wide factory; and the
 * way back for what only that client is told.
 */
final class RaftNodeOptions extends NodeOptions {
    private final PeerNetwork network;
    private volatile @Nullable ReplicatorGroup replicators;

    RaftNodeOptions(PeerNetwork network) {
        this.network = network;
    }

    PeerNetwork network() {
        return network;
    }

    /** The client was told of the group that sends the log to the others. */
    void replicators(ReplicatorGroup group) {
        replicators = group;
    }

    /** The group that sends the log to the others; null before the node is up. */
    @Nullable ReplicatorGroup replicators() {
        return replicators;
    }
}
