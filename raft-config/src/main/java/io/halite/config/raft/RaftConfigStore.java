package io.halite.config.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.Ticker;
import io.halite.config.document.ConfigObjects;
import io.halite.config.membership.ClusterRecovery;
import io.halite.config.membership.FreeSpace;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.RaftGroup;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Content;
import io.halite.config.store.LastKnownGoodWriter;
import io.halite.config.store.Leadership;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.ProposalResult.Unavailable;
import io.halite.config.store.ReplicatedState;
import io.halite.config.store.RevisionRecord;
import io.halite.config.store.StateException;
import io.halite.config.store.Watchers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The config store of this node: its replica of the state, fed by Raft. Reads are from memory or the node's own disk
 * and never wait for anyone; proposals go to the leader. When Raft stops because of an error, reads go on and Raft is
 * started again until the cause is gone.
 */
public final class RaftConfigStore implements ConfigStore, AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(RaftConfigStore.class.getName());
    /** What this version understands of the log. Raised with every change to it that older versions must not skip. */
    public static final int FEATURE_LEVEL = 1;

    private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(1);

    private final LocalMember member;
    private final FreeSpace space;
    private final RaftSettings settings;
    private final Ticker ticker;
    private final ReplicatedState state;
    private final LastKnownGoodWriter lastKnownGood;
    private final Watchers watchers = new Watchers();
    private final Standing standing = new Standing();
    private final RaftSupervisor raft;
    private final ReadBarrier barrier;
    private final VotingGroup group;
    private final LastResort lastResort;
    private final Proposer proposer;

    private RaftConfigStore(LocalMember member, PeerNetwork network, RaftSettings settings, Ticker ticker,
            ReplicatedState state) {
        this.member = member;
        this.space = new FreeSpace(member.directory().path(), ticker);
        this.settings = settings;
        this.ticker = ticker;
        this.state = state;
        this.lastKnownGood = new LastKnownGoodWriter(member.directory().path());
        standing.applied(state.content().applied());
        this.raft = new RaftSupervisor(member, network, state, new Events(network.self()), standing, settings);
        this.barrier = new ReadBarrier(raft::node, standing);
        this.group = new VotingGroup(raft::node,
                new EarlyElection(raft::node, standing, ticker, settings.electionTimeout()), raft::expel);
        this.lastResort = new LastResort(raft::node, standing, network.self(), settings.electionTimeout());
        LeaderDesk desk = new LeaderDesk(network, raft::node);
        this.proposer = new Proposer(desk, standing, barrier, state::content, ticker, settings.proposalLimit());
        desk.open();
    }

    /**
     * Opens the store of a member and starts Raft; a cluster of one leads by the time this returns or soon after.
     *
     * @param founding whether the cluster begins with this node; it makes no difference once Raft has data
     * @throws io.halite.config.store.StateException when the data on disk cannot be used; it says why
     */
    public static RaftConfigStore open(LocalMember member, PeerNetwork network, boolean founding,
            RaftSettings settings, Ticker ticker) {
        ReplicatedState state = ReplicatedState.open(member.directory().state());
        RaftConfigStore store = new RaftConfigStore(member, network, settings, ticker, state);
        Configuration members = new Configuration();
        if (founding) {
            members.addPeer(RaftNode.peer(member.identity().nodeId()));
        }
        try {
            store.raft.start(members, ClusterRecovery.isUnderWay(member.directory()));
            store.member.markStarted();
            if (member.identity().witness()) {
                store.lastResort.start();
            }
            return store;
        } catch (IOException e) {
            store.close();
            throw new StateException("writing " + member.directory().raft() + " failed: " + e, e);
        } catch (IllegalStateException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public ConfigState current() {
        return state.content().state();
    }

    @Override
    public ProposalResult propose(Proposal proposal) {
        Optional<Unavailable> full = refusal(space::bytes);
        if (full.isPresent()) {
            return full.get();
        }
        try {
            return proposer.propose(proposal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unavailable("this node is stopping", "ask another node", false);
        }
    }

    /** Why changes are not taken on this node, though its store runs, and what to do; empty when they are. */
    public Optional<String> diskTrouble() {
        return refusal(space::recentBytes).map(refusal -> refusal.message() + "; " + refusal.hint());
    }

    @FunctionalInterface
    private interface SpaceReading {
        long bytes() throws IOException;
    }

    /** A proposal that fills the disk would stop Raft on this node; refusing it leaves room to delete something. */
    private Optional<Unavailable> refusal(SpaceReading freeSpace) {
        try {
            long free = freeSpace.bytes();
            return free >= settings.minFreeBytes() ? Optional.empty() : Optional.of(new Unavailable(
                    "the disk of " + member.directory().path() + " is full: " + (free >> 20) + " MiB are free",
                    "free space until " + (settings.minFreeBytes() >> 20) + " MiB are free", true));
        } catch (IOException e) {
            return Optional.of(new Unavailable("the disk of " + member.directory().path() + " does not answer: " + e,
                    "check the disk", true));
        }
    }

    @Override
    public List<RevisionRecord> history(int limit, Optional<Revision> before) {
        return state.history(limit, before);
    }

    @Override
    public Optional<RevisionRecord> record(Revision revision) {
        return state.record(revision);
    }

    @Override
    public Optional<ClusterConfig> at(Revision revision) {
        return state.at(revision).map(ConfigObjects::decode);
    }

    @Override
    public Optional<String> system(String key) {
        return Optional.ofNullable(state.content().system().get(key));
    }

    @Override
    public SortedMap<String, String> systemRecords(String prefix) {
        // Everything that starts with the prefix sorts before the prefix with the largest character behind it.
        return state.content().system().subMap(prefix, prefix + Character.MAX_VALUE);
    }

    @Override
    public Subscription watch(Consumer<ConfigState> listener) {
        return watchers.add(state.content(), new OnlyConfig(listener));
    }

    /** As {@link #watch}, but also for changes of system records alone. */
    public Subscription watchAll(Consumer<Content> listener) {
        return watchers.add(state.content(), listener);
    }

    /** Leaves out changes of system records, which concern nobody who watches the config. Confined to one thread. */
    private static final class OnlyConfig implements Consumer<Content> {
        private final Consumer<ConfigState> listener;
        private @Nullable ConfigState told;

        OnlyConfig(Consumer<ConfigState> listener) {
            this.listener = listener;
        }

        @Override
        public void accept(Content content) {
            ConfigState now = content.state();
            ConfigState before = told;
            if (before == null || !now.isSameAs(before)) {
                told = now;
                listener.accept(now);
            }
        }
    }

    @Override
    public Leadership leadership() {
        Standing.Moment now = standing.now();
        return new Leadership(now.leader(), now.leading(), now.term(), now.applied());
    }

    /**
     * Waits until this node has seen everything that was acknowledged anywhere before the call; false when no leader
     * with a majority was there in time.
     */
    public boolean awaitCaughtUp(Duration limit) {
        try {
            return barrier.await(new Deadline(ticker, limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The group of voters and learners, for membership. */
    public RaftGroup group() {
        return group;
    }

    /** Saves a Raft snapshot now, which lets the log be cut; false when that failed or took too long. */
    public boolean saveSnapshot(Duration limit) {
        RaftNode node = raft.node();
        try {
            return node != null && node.saveSnapshot(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Why Raft has stopped on this node; empty when it runs. */
    public Optional<String> failure() {
        String failure = standing.now().failure();
        return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
    }

    /** Everything in force, with objects that this version cannot understand. */
    public Content content() {
        return state.content();
    }

    /** Leaves in an orderly way: a leader hands over first, so that the others need not wait for its silence. */
    @Override
    public void close() {
        handOver();
        lastResort.close();
        raft.close();
        watchers.close();
        lastKnownGood.close();
        state.close();
    }

    private void handOver() {
        RaftNode node = raft.node();
        if (node == null || !standing.now().leading() || group.roll().voters().size() < 2) {
            return;
        }
        try {
            if (node.handOver()) {
                Deadline deadline = new Deadline(ticker, HAND_OVER_LIMIT);
                standing.awaitOtherLeader(member.identity().nodeId(), deadline.left());
                standing.awaitLeader(deadline.left());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What Raft tells. */
    private final class Events implements RaftEvents {
        private final String self;
        private @Nullable ConfigState published;

        Events(String self) {
            this.self = self;
        }

        @Override
        public void applied(Content content) {
            standing.applied(content.applied());
            RaftNode node = raft.node();
            if (node != null && standing.now().leading()) {
                node.tellCommit();
            }
            watchers.publish(content);
            ConfigState before = published;
            if (before == null || !content.state().isSameAs(before)) {
                published = content.state();
                lastKnownGood.offer(content);
            }
        }

        @Override
        public void leading(long term) {
            LOGGER.log(System.Logger.Level.INFO, "leading term=" + term);
            standing.lead(self, term);
        }

        @Override
        public void notLeading() {
            LOGGER.log(System.Logger.Level.INFO, "no longer leading");
            standing.noLeader();
            raft.leadLost();
        }

        @Override
        public void following(String leader, long term) {
            LOGGER.log(System.Logger.Level.INFO, "following leader=" + leader + " term=" + term);
            standing.follow(leader, term);
        }

        @Override
        public void leaderless() {
            standing.noLeader();
        }

        @Override
        public void failed(String error) {
            LOGGER.log(System.Logger.Level.ERROR, "raft stopped error=" + error);
            standing.failure(error, RaftSupervisor.TRIES_AGAIN);
            raft.failed();
        }
    }
}
