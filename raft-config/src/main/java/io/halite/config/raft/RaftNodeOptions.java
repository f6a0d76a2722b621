package io.halite.config.raft;

import com.alipay.sofa.jraft.option.NodeOptions;
import io.halite.config.peer.PeerNetwork;

/** JRaft's options with this node's links, which JRaft hands to the client it makes through a JVM-wide factory. */
final class RaftNodeOptions extends NodeOptions {
    private final PeerNetwork network;

    RaftNodeOptions(PeerNetwork network) {
        this.network = network;
    }

    PeerNetwork network() {
        return network;
    }
}
