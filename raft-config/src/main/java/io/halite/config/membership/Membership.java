package io.halite.config.membership;

import io.halite.config.AdminState;
import io.halite.config.Ticker;
import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Done;
import io.halite.config.membership.Outcome.Refused;
import io.halite.config.peer.NodeCertificate;
import io.halite.config.peer.PeerLink;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.RefusalLog;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Proposal;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * This node as a member of its cluster: lets others in, removes them, knows how they are, keeps its certificate and
 * addresses current, and, when it leads, brings the voters to what they should be. Safe for use by many threads.
 */
public final class Membership implements AutoCloseable {
    private final PeerNetwork network;
    private final ConfigStore store;
    private final RaftGroup group;
    private final Roster roster;
    private final JoinTokens tokens;
    private final StatusExchange statuses;
    private final PulseBoard pulses;
    private final LeaderCalls leader;
    private final Freshness freshness;
    private final Expulsion expulsion;
    private final Certificates certificates;
    private final PeerLink links;
    private final RefusalLog refusals;
    private final LocalFacts facts;
    private final RemovalRequest removals;
    private final MembershipRounds rounds;
    private final Runnable founding;
    private final ReentrantLock foundingLock = new ReentrantLock();

    /**
     * What a membership works with.
     *
     * @param catchUp waits until this node has everything acknowledged anywhere; false without a majority in time
     * @param renewed told of each new certificate of this node, for the admin port
     */
    public record Parts(
            LocalMember member, PeerNetwork network, MembershipGate gate, ConfigStore store, RaftGroup group,
            Predicate<Duration> catchUp, LocalFacts facts, Consumer<NodeCertificate> renewed, int featureLevel,
            InstantSource time, Ticker ticker) {}

    private Membership(Parts parts) {
        network = parts.network();
        store = parts.store();
        refusals = new RefusalLog(parts.ticker());
        group = parts.group();
        facts = parts.facts();
        roster = new Roster(store, parts.time());
        tokens = new JoinTokens(store, roster, parts.member().clusterKey(), parts.time());
        LocalReport report = new LocalReport(parts.member(), store, parts.facts(), parts.featureLevel(),
                new FreeSpace(parts.member().directory().path(), parts.ticker()));
        leader = new LeaderCalls(network, store);
        JoinService joins =
                new JoinService(parts.member(), store, roster, tokens, parts.time(), parts.featureLevel());
        certificates = new Certificates(parts.member(), network, roster, joins, leader, parts.time(),
                parts.renewed());
        freshness = new Freshness(store, parts.catchUp(), parts.ticker());
        expulsion = new Expulsion(parts.member(), group);
        rounds = new MembershipRounds(parts.member().directory());
        statuses = new StatusExchange(network, roster, report::status, parts.ticker(), group, rounds::wake);
        links = new MemberLinks(network, roster, store);
        pulses = new PulseBoard(network, links::others, parts.ticker());
        Removal removal = new Removal(network.self(), store, roster, group, joins::removalProof);
        removals = new RemovalRequest(request -> leader.call("remove", request),
                id -> id.equals(network.self()) && expulsion.reason().isPresent(), parts.ticker());
        leader.fulfil("join", (from, request) -> joins.join(request));
        leader.fulfil("remove", (from, request) -> removal.remove(request));
        leader.fulfil("lead", (from, request) -> removal.lead(request));
        leader.fulfil(Certificates.VERB, certificates::sign);
        parts.gate().connect(roster, expulsion::expel);
        VoterKeeper voters = new VoterKeeper(network, group, roster, statuses, store::leadership,
                removal::isLeaving);
        MemberUpkeep upkeep = new MemberUpkeep(network, store, roster, statuses);
        founding = () -> Founding.finish(parts.member(), store, roster, report.founder(parts.time().instant()));
        rounds.start(new MembershipRounds.Work(
                () -> {
                    found();
                    ClusterRecovery.finish(parts.member(), store, roster, joins::removalProof);
                },
                statuses::tell, upkeep::run, voters::step, freshness::verify,
                () -> {
                    if (store.leadership().hasLeader()) {
                        certificates.renewIfDue(report.hosts());
                    }
                    if (store.leadership().leading()) {
                        tokens.sweep();
                    }
                }, network.book()));
        statuses.open();
        pulses.open();
        rounds.start(pulses);
    }

    /** Begins to take part. */
    public static Membership start(Parts parts) {
        return new Membership(parts);
    }

    /**
     * Completes the cluster that begins with this node, once it leads; nothing otherwise. It also comes about by itself, but
     * not at once, and until then nobody can be let in.
     */
    public void found() {
        foundingLock.lock();
        try {
            founding.run();
        } finally {
            foundingLock.unlock();
        }
    }

    /** Makes a join token; its text is in the answer's {@code token}. */
    public Outcome createToken(Duration timeToLive, int uses, String author) {
        return tokens.create(timeToLive, uses, author);
    }

    /**
     * Lets a node in by its {@link JoinRequest}; any member may be asked. The answer is for {@link Joiner#accept}.
     *
     * @param source the address that asks, for the log
     */
    public Outcome join(String request, String source) {
        Outcome outcome = leader.call("join", request);
        if (outcome instanceof Refused refused) {
            refusals.log("join refused", source, refused.code(), refused.message());
        }
        return outcome;
    }

    /** Removes a member for good, by its name or id. Its certificate is refused from then on. */
    public Outcome remove(String node, String author, String reason) {
        Optional<MemberRecord> member = roster.find(node);
        if (member.isEmpty()) {
            return noSuchNode(node);
        }
        Outcome outcome = removals.send(member.get(), author, reason);
        rounds.wake();
        return outcome;
    }

    /** Hands the leadership to a voter, by its name or id. */
    public Outcome lead(String node, String author, String reason) {
        Optional<MemberRecord> member = roster.find(node);
        if (member.isEmpty()) {
            return noSuchNode(node);
        }
        if (store.leadership().leader().equals(member.get().id())) {
            return Done.of(Tree.mapping().put("leader", member.get().name()));
        }
        return leader.call("lead", TreeText.json(Tree.mapping().put("id", member.get().id()).put("author", author)
                .put("reason", reason).build()));
    }

    /**
     * Moves a node's traffic, checks and leadership away, or lets it take part again, by its name or id. Holds until it
     * is set again. The answer tells the log index by which every node knows it.
     */
    public Outcome setState(String node, AdminState state, String author, String reason) {
        Optional<MemberRecord> member = roster.find(node);
        if (member.isEmpty()) {
            return noSuchNode(node);
        }
        String id = member.get().id();
        String record = state == AdminState.READY ? null : roster.decision(state, author, reason);
        boolean changed = roster.adminState(id) != state;
        Outcome outcome = Outcomes.of(
                store.propose(new Proposal.PutSystem(SystemKeys.nodeState(id), record, false,
                        roster.origin(author, state.key() + " node " + member.get().name() + ": " + reason))),
                () -> Done.of(Tree.mapping().put("node", member.get().name()).put("adminState", state.key())
                        .put("changed", changed).put("appliedIndex", store.leadership().appliedIndex())));
        rounds.wake();
        return outcome;
    }

    /** Whether a node, by its id, shall get nothing new: people said so, or it is about to stop. A memory read. */
    public boolean isDraining(String id) {
        boolean leaving = id.equals(network.self()) ? facts.isLeaving()
                : statuses.of(id).filter(NodeStatus::leaving).isPresent();
        return leaving || roster.adminState(id) != AdminState.READY;
    }

    private static Refused noSuchNode(String node) {
        return new Refused(Cause.NOT_FOUND, "NODE_NOT_FOUND", "no node is called " + node, "see: halite node ls");
    }

    /** All members as this node knows them, by name. */
    public List<MemberView> members() {
        SortedMap<String, MemberRecord> records = roster.members();
        RaftGroup.Roll roll = group.roll();
        List<MemberView> views = new ArrayList<>();
        String leading = store.leadership().leader();
        records.values().forEach(record -> views.add(new MemberView(record,
                role(record, leading, roll), statuses.isAlive(record.id()), statuses.silence(record.id()),
                pulses.isMissing(record.id()), roster.decided(record.id()), statuses.of(record.id()))));
        views.sort(Comparator.comparing(view -> view.record().name()));
        return views;
    }

    private static MemberView.Role role(MemberRecord record, String leading, RaftGroup.Roll roll) {
        if (record.id().equals(leading)) {
            return MemberView.Role.LEADER;
        }
        if (record.witness()) {
            return MemberView.Role.WITNESS;
        }
        return roll.voters().contains(record.id()) ? MemberView.Role.VOTER : MemberView.Role.LEARNER;
    }

    /** The name of a member by its id; the id itself when there is no such member. */
    public String name(String id) {
        MemberRecord member = roster.members().get(id);
        return member == null ? id : member.name();
    }

    /** Whether a majority of voters was heard of lately and a leader is known. */
    public boolean hasQuorum() {
        RaftGroup.Roll roll = group.roll();
        long alive = roll.voters().stream().filter(statuses::isAlive).count();
        return store.leadership().hasLeader() && alive > roll.voters().size() / 2;
    }

    /** Tells the others at once how this node is, as after it has put a revision to work. */
    public void report() {
        rounds.wake();
    }

    /** How long ago this node was surely up to date. */
    public Duration staleness() {
        return store.leadership().leading() ? Duration.ZERO : freshness.staleness();
    }

    /** The degraded modes of this node's membership, one sentence each. */
    public List<String> degraded() {
        List<String> modes = new ArrayList<>();
        expulsion.reason().ifPresent(modes::add);
        if (freshness.isStale()) {
            modes.add("the config cannot be verified: no leader with a majority answers");
        }
        modes.addAll(confusions());
        return modes;
    }

    /** What follows when the disk of a node was replaced and it was started as if it had never been one. */
    private List<String> confusions() {
        List<String> modes = new ArrayList<>();
        SortedMap<String, MemberRecord> members = roster.members();
        members.values().forEach(member -> network.strangerInPlaceOf(member.id()).ifPresent(place -> modes.add("node "
                + member.name() + ": at " + place + " answers a node of another cluster; if its data are lost: halite node "
                + "remove " + member.name() + " (halite cluster recover, where no majority is left), then start it with an"
                + " empty data directory and --join")));
        if (members.size() == 1) {
            // Anybody may say so; a cluster that has come about by mistake is one of one.
            network.visitor().ifPresent(visitor -> modes.add("another cluster looks for its node "
                    + visitor.wanted().nodeId() + " here (from " + visitor.from() + "): if this is it with its data lost,"
                    + " this is a new cluster of one; remove the node there (halite node remove, or cluster recover where no"
                    + " majority is left), stop this one, move its data directory aside and start it with --join"));
        }
        return modes;
    }

    /** Why this node takes part no more; empty while it does. */
    public Optional<String> expelled() {
        return expulsion.reason();
    }

    /** Renews this node's certificate now; false when that failed, which is logged. */
    public boolean renewCertificate(List<String> hosts) {
        return certificates.renew(hosts);
    }

    /** Soft state between the members. */
    public PeerLink links() {
        return links;
    }

    @Override
    public void close() {
        rounds.close();
    }
}
