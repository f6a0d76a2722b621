package io.halite.config.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import io.halite.config.membership.RaftGroup;
import io.halite.config.store.Command;
import io.halite.config.store.CommandCodec;
import io.halite.config.store.Origin;
import java.time.Instant;
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
    private static final int LIMIT_MILLIS = 60_000;
    private static final int STEP_MILLIS = 300;
    private static final byte[] NOTHING = CommandCodec.encode(new Command(
            1, new Origin("cluster", "", Instant.EPOCH, ""), null, null, List.of(), List.of()));

    private final Supplier<@Nullable RaftNode> raft;
    private final Consumer<String> expel;
    private final EarlyElection early;
    private volatile Roll lastKnown = new Roll(Collections.emptySortedSet(), Collections.emptySortedSet());

    VotingGroup(Supplier<@Nullable RaftNode> raft, EarlyElection early, Consumer<String> expel) {
        this.early = early;
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

    /** Whether a change of the members is under way. */
    boolean isBetweenMembers() {
        RaftNode node = raft.get();
        return node != null && node.isBetweenMembers();
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
    public Optional<String> addVoter(String nodeId, boolean witness) {
        return change((node, done) -> node.addPeer(witness ? RaftNode.witness(nodeId) : RaftNode.peer(nodeId), done));
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
            Status status = null;
            for (int i = 0; i < LIMIT_MILLIS / STEP_MILLIS && status == null; i++) {
                status = result.poll(STEP_MILLIS, TimeUnit.MILLISECONDS);
                if (status == null) {
                    // JRaft looks whether a new voter has caught up only when an entry was sent to it, so that in a
                    // quiet cluster it may wait for ever. An entry that changes nothing makes it look.
                    node.apply(NOTHING, new ProposalClosure((outcome, ignored) -> { }));
                }
            }
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
    public void ended(String nodeId) {
        early.ended(nodeId);
    }

    @Override
    public void returned(String nodeId) {
        early.returned(nodeId);
    }

    @Override
    public void expel(String why) {
        expel.accept(why);
    }
}
