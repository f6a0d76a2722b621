package io.halite.health.orchestrator;

import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.health.Health;
import io.halite.health.ProbeAssignments;
import io.halite.health.ProbeAssignments.Share;
import io.halite.health.ProbeCount;
import io.halite.health.ProbeOutcome;
import io.halite.health.Verdict;
import io.halite.health.orchestrator.HealthChannel.Member;
import io.halite.health.orchestrator.HealthChannel.Standing;
import io.halite.health.orchestrator.HealthMessage.Ask;
import io.halite.health.orchestrator.HealthMessage.Assign;
import io.halite.health.orchestrator.HealthMessage.Entry;
import io.halite.health.orchestrator.HealthMessage.Grant;
import io.halite.health.orchestrator.HealthMessage.Held;
import io.halite.health.orchestrator.HealthMessage.Hello;
import io.halite.health.orchestrator.HealthMessage.Nudge;
import io.halite.health.orchestrator.HealthMessage.Renew;
import io.halite.health.orchestrator.HealthMessage.Report;
import io.halite.health.orchestrator.HealthMessage.Shift;
import io.halite.health.orchestrator.HealthMessage.Told;
import io.halite.health.orchestrator.HealthMessage.View;
import io.halite.health.probe.HealthBoard;
import io.halite.health.probe.ProbeEngine;
import io.halite.health.probe.ProbeKey;
import io.halite.health.probe.ProbePlan;
import io.halite.health.probe.ProbeStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Connects the pure parts of one node to its engine, its board and the channel. Owned by the thread of
 * {@link ClusterHealth}.
 */
final class ClusterNode {
    /** Alone, a node probes everything, but not faster than this: better late than overloaded. */
    private static final int ALONE_STARTS_PER_SECOND = 2_000;
    private static final long LATENESS_WINDOW = Duration.ofSeconds(10).toNanos();
    private static final long LEAST_PROBES = 20;
    private static final Standing NOWHERE = new Standing("", "", 0, List.of());

    private final String name;
    private final Ticker ticker;
    private final InstantSource wall;
    private final HealthBoard board;
    private final ProbeEngine engine;
    private final Worker worker;
    private final OnDemand onDemand;

    private @Nullable HealthChannel channel;
    private Standing standing = NOWHERE;
    private @Nullable Leader leader;
    private boolean leading;
    private ProbePlan plan = ProbePlan.EMPTY;
    private Map<Long, ProbeKey> byId = Map.of();
    private Map<Long, Task> tasks = Map.of();
    private Map<String, String> names = Map.of();
    private final Map<Long, List<String>> probers = new HashMap<>();
    private long probersVersion;
    private long shownVersion = -1;
    private Map<String, List<TargetRef>> shownTargets = Map.of();
    private long shownRoster;
    private long assignedVersion = -1;
    private boolean limited;

    private long lateWindowAt;
    private long lateTotal;
    private long lateVoided;

    /**
     * Has nothing to probe yet and nobody to talk to.
     *
     * @param owner runs things on the owning thread
     */
    ClusterNode(String name, Ticker ticker, InstantSource wall, HealthBoard board, ProbeEngine engine, Executor owner) {
        this.name = name;
        this.ticker = ticker;
        this.wall = wall;
        this.board = board;
        this.engine = engine;
        this.worker = new Worker(ticker.nanos(), Math.max(0, wall.instant().toEpochMilli()), this::send);
        this.onDemand = new OnDemand(engine, this::send, owner);
        this.lateWindowAt = ticker.nanos();
    }

    private void send(String to, HealthMessage message) {
        if (channel != null) {
            channel.send(to, MessageCodec.encode(message));
        }
    }

    void connect(@Nullable HealthChannel next) {
        channel = next;
    }

    void plan(ProbePlan next) {
        plan = next;
        Map<Long, ProbeKey> ids = HashMap.newHashMap(next.probes().size());
        Map<Long, Task> wanted = HashMap.newHashMap(next.probes().size());
        next.probes().forEach((key, vantages) -> {
            ids.put(key.id(), key);
            wanted.put(key.id(), Task.of(key, vantages));
        });
        byId = ids;
        tasks = wanted;
        probers.keySet().retainAll(ids.keySet());
        probersVersion++;
        worker.plan(Set.copyOf(ids.keySet()));
        if (leader != null) {
            leader.tasks(tasks.values());
        }
    }

    void receive(String from, HealthMessage message) {
        long now = ticker.nanos();
        worker.receive(now, from, message);
        if (leader != null && leading) {
            leader.receive(now, from, message);
        }
        switch (message) {
            case View view -> {
                if (worker.accepts(view)) {
                    view.entries().forEach(entry -> show(now, entry));
                }
            }
            case Nudge(long probe) -> whenKnown(probe, engine::suspect);
            case Ask(long question, long probe) -> whenKnown(probe, key -> onDemand.asked(from, question, key));
            case Told told -> onDemand.told(told);
            case Hello _, Held _, Renew _, Grant _, Assign _, Report _ -> { }
        }
    }

    private void whenKnown(long probe, Consumer<ProbeKey> action) {
        ProbeKey key = byId.get(probe);
        if (key != null) {
            action.accept(key);
        }
    }

    /** Probes once now: here if this node owns the probe or nobody does, else where it is owned. */
    void check(ProbeKey key, CompletableFuture<ProbeOutcome> outcome) {
        List<String> owners = isAlone() ? List.of() : probers.getOrDefault(key.id(), List.of());
        boolean here = owners.isEmpty() || owners.contains(standing.self()) || !byId.containsKey(key.id());
        if (here) {
            onDemand.here(key, outcome);
        } else {
            onDemand.there(owners.getFirst(), key, outcome);
        }
    }

    /** Time passes. */
    void step() {
        long now = ticker.nanos();
        standing = channel == null ? NOWHERE : channel.standing();
        names = standing.members().stream().collect(Collectors.toMap(Member::id, Member::name, (a, b) -> a));
        measureLateness(now);
        lead(now);
        worker.standing(now, standing.leader(), standing.term());
        worker.tick(now);
        limit();
        assign();
    }

    private void limit() {
        boolean next = isForsaken() || worker.isCovering();
        if (next != limited) {
            limited = next;
            engine.limit(next ? ALONE_STARTS_PER_SECOND : 0);
        }
    }

    /**
     * Leads as long as Raft says so, and rests while Raft does not know. Its books are kept until another term: a
     * second leader of the same term that did not know what the first gave out could give it out again.
     */
    private void lead(long now) {
        boolean leads = standing.isLeading() && !standing.self().isEmpty();
        if (leader != null && (standing.term() > leader.term() || (!leads && !standing.leader().isEmpty()))) {
            leader = null;
        }
        if (leads && leader == null) {
            leader = new Leader(now, standing.term(), this::send, inherited(),
                    ProbeStatus.initial(wall.instant()), id -> names.getOrDefault(id, id));
            leader.tasks(tasks.values());
        }
        leading = leads;
        if (leader != null && leads) {
            leader.members(standing.members());
            leader.tick(now);
        }
    }

    private List<Entry> inherited() {
        List<Entry> entries = new ArrayList<>();
        byId.forEach((id, key) -> {
            ProbeStatus status = board.status(key);
            if (status != null) {
                entries.add(new Entry(id, status, probers.getOrDefault(id, List.of())));
            }
        });
        return entries;
    }

    /** Lets the engine run what the worker is to probe, each probe starting from what is known of its target. */
    private void assign() {
        if (worker.probesVersion() == assignedVersion) {
            return;
        }
        assignedVersion = worker.probesVersion();
        Map<ProbeKey, ProbeStatus> wanted = new HashMap<>();
        for (Long id : worker.probes()) {
            ProbeKey key = byId.get(id);
            if (key != null) {
                ProbeStatus known = board.status(key);
                wanted.put(key, known == null ? ProbeStatus.initial(wall.instant()) : known);
            }
        }
        engine.assign(wanted);
        for (ProbeKey key : byId.values()) {
            if (!wanted.containsKey(key)) {
                board.veto(key, null);
            }
        }
    }

    /** Something was found here. Alone it holds at once; so it does for the only owner of a probe. */
    void found(ProbeKey key, ProbeStatus status) {
        long now = ticker.nanos();
        worker.found(now, key.id(), status);
        boolean one = plan.probes().getOrDefault(key, 1) == 1 || standing.members().size() <= 1;
        boolean owned = worker.owns(now, key.id());
        boolean extra = worker.isCovering() && !owned;
        boolean forItself = extra || worker.mode(now) != Worker.Mode.ASSIGNED;
        if (extra && leader != null && leading) {
            leader.observe(key.id(), status);
        }
        if (!owned && !forItself) {
            // It ended after the probe had become another node's, whose word holds.
            return;
        }
        if (one || forItself) {
            board.veto(key, null);
            board.update(key, status, name);
        } else {
            board.veto(key, status.health() == Health.UNHEALTHY ? status : null);
        }
    }

    /** The cluster's word, except on what only this node can know better. */
    private void show(long now, Entry entry) {
        ProbeKey key = byId.get(entry.probe());
        if (key == null) {
            return;
        }
        if (!entry.probers().equals(probers.put(entry.probe(), entry.probers()))) {
            probersVersion++;
        }
        boolean mine = entry.probers().size() == 1 && entry.probers().getFirst().equals(standing.self());
        ProbeStatus here = worker.foundHere(entry.probe());
        boolean ownerless = entry.probers().isEmpty() && worker.isCovering();
        if (here != null && (ownerless || (mine && worker.owns(now, entry.probe())))) {
            // Said again, because a view from before may have said otherwise.
            board.update(key, here, name);
            return;
        }
        ProbeStatus known = board.status(key);
        // Unknown is never news: it is a leader's that has not heard from the prober yet.
        ProbeStatus status = entry.status().health() == Health.UNKNOWN && known != null ? known : entry.status();
        board.update(key, status, entry.probers().stream().map(id -> names.getOrDefault(id, id))
                .collect(Collectors.joining(", ")));
    }

    /** Tells whoever probes the target. */
    void suspect(@Nullable ProbeKey key) {
        if (key == null) {
            return;
        }
        if (worker.probes().contains(key.id())) {
            engine.suspect(key);
        }
        for (String prober : probers.getOrDefault(key.id(), List.of())) {
            if (!prober.equals(standing.self())) {
                send(prober, new Nudge(key.id()));
            }
        }
    }

    private void measureLateness(long now) {
        if (now - lateWindowAt < LATENESS_WINDOW) {
            return;
        }
        lateWindowAt = now;
        long total = 0;
        long voided = 0;
        for (ProbeCount count : engine.counters()) {
            total += count.count();
            voided += count.verdict() == Verdict.VOIDED ? count.count() : 0;
        }
        long ended = total - lateTotal;
        worker.lateness(ended < LEAST_PROBES ? 0 : (int) ((voided - lateVoided) * 1_000 / ended));
        lateTotal = total;
        lateVoided = voided;
    }

    private boolean isAlone() {
        return worker.mode(ticker.nanos()) == Worker.Mode.ALONE;
    }

    /** Whether it is alone, and not merely because it has just started. */
    boolean isForsaken() {
        return isAlone() && worker.isForsaken(ticker.nanos());
    }

    /** Whether it probes everything besides what it owns. */
    boolean isCovering() {
        return worker.isCovering();
    }

    /** Whether it is the whole cluster, so that nobody else's silence is to be noticed. */
    boolean leadsNobody() {
        return leading && standing.members().size() == 1;
    }

    /** Whether something waits to be sent soon. */
    boolean isWaiting() {
        return worker.isWaiting(ticker.nanos()) || (leader != null && leading && leader.isWaiting());
    }

    /** Who probes what, made anew only when it changed or leases were renewed; the lists of targets only when it changed. */
    ProbeAssignments assignments(ProbeAssignments before) {
        boolean alone = isAlone();
        long version = alone ? -2 - probersVersion : probersVersion;
        if (version == shownVersion && worker.rosterAt() == shownRoster) {
            return before;
        }
        if (version != shownVersion) {
            shownTargets = targetsByNode(alone);
        }
        shownVersion = version;
        shownRoster = worker.rosterAt();
        Instant wallNow = wall.instant();
        long age = ticker.nanos() - worker.rosterAt();
        Map<String, Instant> leases = new HashMap<>();
        for (Shift shift : worker.roster()) {
            leases.put(shift.node(), wallNow.plusMillis(shift.leftMillis()).minusNanos(age));
        }
        List<Share> shares = new ArrayList<>();
        shownTargets.forEach((id, refs) -> shares.add(new Share(
                id.isEmpty() || id.equals(standing.self()) ? name : names.getOrDefault(id, id), refs,
                leases.getOrDefault(id, wallNow))));
        return new ProbeAssignments(alone ? 0 : worker.term(), alone ? 0 : worker.epoch(), shares);
    }

    private Map<String, List<TargetRef>> targetsByNode(boolean alone) {
        Map<String, List<TargetRef>> targets = new TreeMap<>();
        plan.targets().forEach((ref, entry) -> {
            if (entry.isProbed() && entry.key() != null) {
                List<String> by = alone ? List.of(standing.self()) : probers.getOrDefault(entry.key().id(), List.of());
                by.forEach(id -> targets.computeIfAbsent(id, _ -> new ArrayList<>()).add(ref));
            }
        });
        targets.replaceAll((_, refs) -> refs.stream().sorted().toList());
        return targets;
    }
}
