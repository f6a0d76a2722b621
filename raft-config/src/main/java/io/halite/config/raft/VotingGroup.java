package io.halite.config.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import io.halite.config.membership.RaftGroup;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The Raft group, changed through JRaft's node. Safe for use by many threads. */
final class VotingGroup implements RaftGroup {
    private static final int LIMIT_SECONDS = 60;

    private final Supplier<@Nullable RaftNode> raft;
    private final Consumer<String> expel;
    private volatile Roll lastKnown = new Roll(Collections.emptySortedSet(), Collections.emptySortedSet());

    VotingGroup(Supplier<@Nullable RaftNode> raft, Consumer<String> expel) {
        this.raft = raft;
        this.expel = expel;
    }

    private static SortedSet<String> ids(Collection<PeerId> peers) {
        SortedSet<String> ids = new TreeSet<>();
        peers.forEach(peer -> ids.add(peer.getIp()));
        return ids;
    }

    @Override
    public Roll roll() {
        RaftNode node = raft.get();
        Configuration members = node == null ? null : node.members();
        if (members != null) {
            lastKnown = new Roll(ids(members.listPeers()), ids(members.listLearners()));
        }
        return lastKnown;
    }

    @Override
    public Optional<String> addLearner(String nodeId) {
        return change((node, done) -> node.addLearners(List.of(RaftNode.peer(nodeId)), done));
    }

    @Override
    public Optional<String> removeLearner(String nodeId) {
        return change((node, done) -> node.removeLearners(List.of(RaftNode.peer(nodeId)), done));
    }

    @Override
    public Optional<String> addVoter(String nodeId) {
        return change((node, done) -> node.addPeer(RaftNode.peer(nodeId), done));
    }

    @Override
    public Optional<String> removeVoter(String nodeId) {
        return change((node, done) -> node.removePeer(RaftNode.peer(nodeId), done));
    }

    private Optional<String> change(BiConsumer<Node, Closure> change) {
        RaftNode node = raft.get();
        if (node == null) {
            return Optional.of("Raft does not run on this node");
        }
        BlockingQueue<Status> result = new LinkedBlockingQueue<>();
        change.accept(node.node(), result::add);
        try {
            Status status = result.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            return failure(status == null ? new Status(RaftError.ETIMEDOUT, "no majority in time") : status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("this node is stopping");
        }
    }

    private static Optional<String> failure(Status status) {
        return status.isOk() ? Optional.empty() : Optional.of(String.valueOf(status.getErrorMsg()));
    }

    @Override
    public Optional<String> lead(String nodeId) {
        RaftNode node = raft.get();
        return node == null
                ? Optional.of("Raft does not run on this node")
                : failure(node.node().transferLeadershipTo(RaftNode.peer(nodeId)));
    }

    @Override
    public void expel(String why) {
        expel.accept(why);
    }
}
