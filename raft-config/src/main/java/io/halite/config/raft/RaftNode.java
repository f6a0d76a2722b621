package io.halite.config.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.core.ElectionPriority;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.MemberFiles;
import io.halite.config.membership.NodeIdentity;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.store.ReplicatedState;
import io.halite.config.store.StateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * JRaft's node on this machine, from start to end; after an error another one takes its place. The id of a peer is the
 * node's id with a port that is always the same and means nothing.
 */
final class RaftNode {
    /** Where JRaft wants a port. */
    private static final int PORT = 7100;
    private static final int HEARTBEATS_PER_ELECTION_TIMEOUT = 20;
    private static final int CATCH_UP_MARGIN = 100;
    private static final int MAX_LOG_IN_MEMORY = 32 << 20;

    private final Node node;
    private final PeerRpcServer server;
    private final PeerNetwork network;
    private final RaftServices services;
    private final CommitNudge nudge;
    private final RaftNodeOptions options;
    private final Duration electionTimeout;

    private RaftNode(Node node, RaftNodeOptions options, RaftServices services, PeerRpcServer server,
            PeerNetwork network) {
        this.node = node;
        this.options = options;
        this.electionTimeout = Duration.ofMillis(options.getElectionTimeoutMs());
        this.services = services;
        this.nudge = new CommitNudge(this::others, options::replicators);
        this.server = server;
        this.network = network;
    }

    static PeerId peer(String nodeId) {
        return new PeerId(nodeId, PORT);
    }

    /** A voter that is passed over when a leader that leaves looks for another. */
    static PeerId witness(String nodeId) {
        return new PeerId(nodeId, PORT, 0, ElectionPriority.NotElected);
    }

    /** What a node is started with. */
    record Parts(DataDirectory directory, NodeIdentity identity, PeerNetwork network, ReplicatedState state,
            RaftEvents events, RaftSettings settings, int featureLevel) {}

    /**
     * Starts a node.
     *
     * @param founding the members of a group that begins here; empty for all others
     * @throws StateException when Raft's own data cannot be used
     */
    static RaftNode start(Parts parts, Configuration founding) {
        DataDirectory directory = parts.directory();
        try {
            Files.createDirectories(directory.raftLog());
            Files.createDirectories(directory.raftMeta());
            Files.createDirectories(directory.raftSnapshots());
        } catch (IOException e) {
            throw new StateException("the directory " + directory.raft() + " cannot be written: " + e.getMessage(), e);
        }
        PeerId self = peer(parts.identity().nodeId());
        RaftServices services = new RaftServices();
        RaftNodeOptions options = options(parts);
        options.setServiceFactory(services);
        options.setInitialConf(founding);
        ConfigStateMachine machine =
                new ConfigStateMachine(parts.state(), services, parts.events(), parts.featureLevel());
        options.setFsm(machine);
        PeerRpcServer server = new PeerRpcServer(self);
        NodeManager.getInstance().addAddress(self.getEndpoint());
        Node node = RaftServiceFactory.createRaftNode(parts.identity().group(), self);
        if (!node.init(options)) {
            server.close();
            giveUp(node);
            throw new StateException(diagnosis(directory, services, machine));
        }
        parts.network().handle(PeerRpcClient.TOPIC, server::take);
        RaftNode started = new RaftNode(node, options, services, server, parts.network());
        started.nudge.start();
        return started;
    }

    /** Closes what a node had opened before it failed to start; one that failed early never says that it is closed. */
    private static void giveUp(Node node) {
        Thread closing = Thread.ofPlatform().daemon().name("raft-give-up").start(() -> stop(node));
        try {
            closing.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** JRaft says only that it does not start. */
    private static String diagnosis(DataDirectory directory, RaftServices services, ConfigStateMachine machine) {
        String what;
        if (!services.damage().isEmpty()) {
            what = "the Raft log in " + directory.raftLog() + " cannot be used: " + services.damage();
        } else if (!machine.damage().isEmpty()) {
            what = "the Raft snapshot cannot be used: " + machine.damage();
        } else {
            what = "Raft does not start on the data in " + directory.raft()
                    + ": the file of its term and vote is damaged, or the log and the snapshot do not fit together";
        }
        return what + "; " + MemberFiles.REJOIN;
    }

    private static RaftNodeOptions options(Parts parts) {
        RaftSettings settings = parts.settings();
        DataDirectory directory = parts.directory();
        RaftNodeOptions options = new RaftNodeOptions(parts.network());
        options.setElectionTimeoutMs(Math.toIntExact(settings.electionTimeout().toMillis()));
        options.setSnapshotIntervalSecs(Math.toIntExact(settings.snapshotInterval().toSeconds()));
        options.setSnapshotLogIndexMargin(settings.snapshotMargin());
        options.setCatchupMargin(CATCH_UP_MARGIN);
        options.setLogUri(directory.raftLog().toString());
        options.setRaftMetaUri(directory.raftMeta().toString());
        options.setSnapshotUri(directory.raftSnapshots().toString());
        options.setDisableCli(true);
        options.setElectionPriority(
                parts.identity().witness() ? ElectionPriority.NotElected : ElectionPriority.Disabled);
        options.setSharedElectionTimer(true);
        options.setSharedVoteTimer(true);
        options.setSharedStepDownTimer(true);
        options.setSharedSnapshotTimer(true);
        options.setSharedTimerPool(true);
        options.setTimerPoolSize(2);
        options.setRpcConnectTimeoutMs(1000);
        options.setRpcDefaultTimeout(5000);
        options.setRpcInstallSnapshotTimeout(120_000);
        options.setRpcProcessorThreadPoolSize(8);
        RaftOptions raft = new RaftOptions();
        raft.setElectionHeartbeatFactor(HEARTBEATS_PER_ELECTION_TIMEOUT);
        raft.setMaxElectionDelayMs(spread(settings.electionTimeout()));
        raft.setEnableLogEntryChecksum(true);
        raft.setMaxLogsInMemoryBytes(MAX_LOG_IN_MEMORY);
        raft.setReadOnlyOptions(ReadOnlyOption.ReadOnlySafe);
        raft.setMaxReadIndexLag(10_000);
        raft.setOpenStatistics(false);
        options.setRaftOptions(raft);
        return options;
    }

    /** So that voters do not all stand for election at the same moment. */
    private static int spread(Duration electionTimeout) {
        return Math.toIntExact(electionTimeout.toMillis() / 2);
    }

    /** How many voters stand for election before this one when one of them is gone; negative when this one does not vote. */
    int turnAfter(String gone) {
        Configuration members = members();
        PeerId self = node.getNodeId().getPeerId();
        return members == null ? -1 : members.listPeers().stream()
                .filter(peer -> peer.equals(self) || !peer.isPriorityNotElected())
                .map(PeerId::getIp).filter(id -> !id.equals(gone)).sorted().toList().indexOf(self.getIp());
    }

    /** Lets a witness stand for election, or not. JRaft reads it anew each time, from the id that it was started with. */
    void mayStand(boolean may) {
        int priority = may ? ElectionPriority.Disabled : ElectionPriority.NotElected;
        PeerId self = node.getNodeId().getPeerId();
        if (self.getPriority() != priority) {
            self.setPriority(priority);
        }
    }

    /**
     * Takes a leader for gone that was silent for this long, and stands for election by then or a little later. JRaft
     * takes neither figure into its replicators, so the heartbeats of a new leader keep their rhythm.
     */
    void electWithin(Duration timeout, Duration spread) {
        options.getRaftOptions().setMaxElectionDelayMs(Math.toIntExact(spread.toMillis()));
        node.resetElectionTimeoutMs(Math.toIntExact(timeout.toMillis()));
    }

    /** Bears the silence of a leader again for as long as it was started to. */
    void electAsUsual() {
        electWithin(electionTimeout, Duration.ofMillis(spread(electionTimeout)));
    }

    Node node() {
        return node;
    }

    /** The members of the group; null while it is not known, or two sets of them overlap in a change. */
    @Nullable Configuration members() {
        ConfigurationEntry entry = services.configuration();
        return entry == null || !entry.isStable() || entry.isEmpty() ? null : entry.getConf().copy();
    }

    /** Whether two sets of members overlap, since a change of them is not committed yet. */
    boolean isBetweenMembers() {
        ConfigurationEntry entry = services.configuration();
        return entry != null && !entry.isStable();
    }

    private Set<PeerId> others() {
        Set<PeerId> others = new HashSet<>();
        Configuration members = members();
        if (members != null) {
            others.addAll(members.listPeers());
            others.addAll(members.listLearners());
            others.remove(node.getNodeId().getPeerId());
        }
        return others;
    }

    /** Something was committed while this node leads: the others shall know at once. */
    void tellCommit() {
        nudge.commit();
    }

    /** Appends a command, if this node leads. */
    void apply(byte[] command, ProposalClosure closure) {
        node.apply(new Task(ByteBuffer.wrap(command), closure));
    }

    boolean saveSnapshot(Duration limit) throws InterruptedException {
        BlockingQueue<Status> saved = new LinkedBlockingQueue<>();
        node.snapshot(saved::add);
        Status status = saved.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        return status != null && status.isOk();
    }

    /** Lets the voter that has most of the log lead instead; false when there is none. */
    boolean handOver() {
        return node.transferLeadershipTo(PeerId.ANY_PEER).isOk();
    }

    /** Makes this node the whole group, whatever the log says; it leads soon after. */
    void standAlone() {
        Status status = node.resetPeers(new Configuration(List.of(node.getNodeId().getPeerId())));
        if (!status.isOk()) {
            throw new StateException("the node cannot become the whole cluster: " + status.getErrorMsg());
        }
    }

    /** Stops and waits until everything is closed. */
    void stop() {
        network.unsubscribe(PeerRpcClient.TOPIC);
        nudge.close();
        stop(node);
        server.close();
    }

    private static void stop(Node node) {
        node.shutdown(null);
        try {
            node.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
