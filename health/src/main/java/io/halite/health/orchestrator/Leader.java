package io.halite.health.orchestrator;

import io.halite.health.orchestrator.AssignmentPlanner.Seat;
import io.halite.health.orchestrator.HealthChannel.Member;
import io.halite.health.orchestrator.HealthMessage.Ask;
import io.halite.health.orchestrator.HealthMessage.Assign;
import io.halite.health.orchestrator.HealthMessage.Entry;
import io.halite.health.orchestrator.HealthMessage.Finding;
import io.halite.health.orchestrator.HealthMessage.Grant;
import io.halite.health.orchestrator.HealthMessage.Held;
import io.halite.health.orchestrator.HealthMessage.Hello;
import io.halite.health.orchestrator.HealthMessage.Nudge;
import io.halite.health.orchestrator.HealthMessage.Renew;
import io.halite.health.orchestrator.HealthMessage.Report;
import io.halite.health.orchestrator.HealthMessage.Shift;
import io.halite.health.orchestrator.HealthMessage.Told;
import io.halite.health.orchestrator.HealthMessage.View;
import io.halite.health.probe.ProbeStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The leader's side of the division of probes, for one term: who works, who probes what, and what holds.
 *
 * <p><b>Pure</b>: time comes in as an argument, messages go out through the {@link Outbox}; the same calls have the same
 * effects. Owned by one thread.
 *
 * <p><b>Start of a term.</b> It asks the members what they hold and waits for {@link Timing#COLLECT} at most; then it
 * decides, sticking to what is held, and gives everything out at once. A worker of the term before may still probe the
 * same for a moment: a double probe does no harm, a blind spot does.
 */
final class Leader {
    /** Between two decisions, for each probe: deciding shall not take the whole time of a large cluster. */
    private static final long PLAN_SPACING_PER_PROBE = 2_000;
    private static final long PLAN_SPACING = 20_000_000;
    /** Looking whether everything has an owner takes a look at everything. */
    private static final long LOOK_SPACING = 200_000_000;
    private static final int FULL_CAPACITY = 100;
    private static final int LATE_CAPACITY = 50;
    private static final int VERY_LATE_CAPACITY = 10;
    private static final int LATE_PERMILLE = 50;
    private static final int VERY_LATE_PERMILLE = 500;

    // immutable
    private final long term;
    private final Outbox out;
    private final ProbeStatus unknown;
    private final OwnershipLedger ledger;
    private final VerdictBoard board;
    private final long collectUntil;

    private Map<String, Member> members = Map.of();
    private Map<Long, Task> tasks = Map.of();
    private final Map<Long, List<String>> heldBy = new HashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Map<String, Fitness> fitness = new TreeMap<>();
    private boolean collecting = true;
    private boolean planNeeded = true;
    private long lastPlan;
    private long lastHello;
    private long lookedAt;
    private boolean complete;

    private long viewVersion = 1;
    private long lastView;
    private final Map<String, Long> wholeViewAt = new HashMap<>();
    private long lastRefresh;
    private List<Entry> refreshing = List.of();
    private int refreshed;

    /** How much a worker can take, and since when it could take more. */
    private record Fitness(int capacity, long betterSince) {}

    /**
     * Begins a term.
     *
     * @param inherited what this node knows of the cluster's health from the term before
     * @param unknown the status of what was never probed
     */
    Leader(long now, long term, Outbox out, Collection<Entry> inherited, ProbeStatus unknown,
            UnaryOperator<String> name) {
        this.term = term;
        this.out = out;
        this.unknown = unknown;
        this.board = new VerdictBoard(name);
        this.ledger = new OwnershipLedger(term, out, this::ownersChanged);
        this.collectUntil = now + Timing.COLLECT.toNanos();
        this.lastPlan = now - Long.MAX_VALUE / 4;
        this.lastHello = now - Timing.RENEW.toNanos();
        this.lastView = now;
        this.lookedAt = now;
        this.lastRefresh = now;
        board.inherit(inherited);
    }

    long term() {
        return term;
    }

    private void ownersChanged(long probe, List<String> owners) {
        if (tasks.containsKey(probe)) {
            board.owners(probe, owners, ledger.vantages(probe), unknown);
        }
    }

    /** The nodes of the cluster as of now. */
    void members(List<Member> now) {
        Map<String, Member> next = new TreeMap<>();
        now.forEach(member -> next.put(member.id(), member));
        planNeeded |= !next.equals(members);
        members = next;
        ledger.retain(members.keySet());
    }

    /** The probes of the active config. */
    void tasks(Collection<Task> next) {
        Map<Long, Task> byProbe = LinkedHashMap.newLinkedHashMap(next.size());
        next.forEach(task -> byProbe.put(task.probe(), task));
        planNeeded |= !byProbe.equals(tasks);
        tasks = byProbe;
        board.retain(tasks.keySet());
    }

    void receive(long now, String from, HealthMessage message) {
        if (!members.containsKey(from)) {
            return;
        }
        switch (message) {
            case Held held -> held(from, held);
            case Renew renew -> renew(now, from, renew);
            case Report report -> report(now, from, report);
            case Hello _, Grant _, Assign _, View _, Nudge _, Ask _, Told _ -> { }
        }
    }

    private void held(String from, Held held) {
        if (held.term() != term || !collecting) {
            return;
        }
        for (Long probe : held.probes()) {
            List<String> nodes = heldBy.computeIfAbsent(probe, _ -> new ArrayList<>(1));
            if (!nodes.contains(from)) {
                nodes.add(from);
            }
        }
        if (held.last()) {
            answered.add(from);
        }
    }

    private void renew(long now, String from, Renew renew) {
        if (renew.term() != term) {
            return;
        }
        boolean leased = ledger.isLeased(from);
        if (!ledger.renewed(now, from, renew.seq(), renew.version())) {
            return;
        }
        planNeeded |= !leased;
        fit(now, from, renew.latePermille());
        List<Shift> roster = new ArrayList<>();
        for (String node : ledger.leased()) {
            roster.add(new Shift(node, (int) Math.max(0, (ledger.leaseUntil(node) - now) / 1_000_000)));
        }
        out.send(from, new Grant(term, ledger.epoch(), renew.seq(), ledger.floor(from),
                (int) Timing.LEASE.toMillis(), roster, isComplete(now)));
        boolean behind = renew.viewVersion() != viewVersion && now - lastView >= Timing.RESEND.toNanos();
        Long last = wholeViewAt.get(from);
        boolean notJustSent = last == null || now - last >= Timing.RESEND.toNanos();
        if (notJustSent && (renew.viewVersion() == 0 || behind)) {
            wholeViewAt.put(from, now);
            sendWhole(from);
        }
        step(now);
    }

    private boolean isComplete(long now) {
        if (collecting || now - lookedAt >= LOOK_SPACING) {
            lookedAt = now;
            complete = !collecting && ledger.isComplete(now);
        }
        return complete;
    }

    /** What this node found of a probe that nobody owns: it is all that is known. */
    void observe(long probe, ProbeStatus status) {
        board.observe(probe, status);
    }

    private void sendWhole(String to) {
        List<Entry> all = board.all();
        for (int at = 0; at < all.size() || at == 0; at += Timing.CHUNK) {
            out.send(to, new View(term, viewVersion, 0, all.subList(at, Math.min(all.size(), at + Timing.CHUNK))));
        }
    }

    /** A node that voids many of its probes for its own lateness gets fewer; back only after a while of good ones. */
    private void fit(long now, String node, int latePermille) {
        int fits = latePermille >= VERY_LATE_PERMILLE ? VERY_LATE_CAPACITY
                : latePermille >= LATE_PERMILLE ? LATE_CAPACITY : FULL_CAPACITY;
        Fitness before = fitness.getOrDefault(node, new Fitness(FULL_CAPACITY, now));
        if (fits <= before.capacity) {
            planNeeded |= fits < before.capacity;
            fitness.put(node, new Fitness(fits, now));
        } else if (now - before.betterSince >= Timing.PROBATION.toNanos()) {
            planNeeded = true;
            fitness.put(node, new Fitness(fits, now));
        }
    }

    private void report(long now, String from, Report report) {
        if (report.term() != term || !ledger.isLeased(from)) {
            return;
        }
        for (Finding finding : report.findings()) {
            for (String other : board.report(finding.probe(), from, finding.status())) {
                out.send(other, new Nudge(finding.probe()));
            }
        }
        sendChanges(now);
    }

    /** Time passes. */
    void tick(long now) {
        if (now - lastHello >= Timing.RENEW.toNanos()) {
            lastHello = now;
            members.keySet().stream().filter(node -> !ledger.isLeased(node))
                    .forEach(node -> out.send(node, new Hello(term)));
        }
        step(now);
        refresh(now);
    }

    private void step(long now) {
        planNeeded |= !ledger.expire(now).isEmpty();
        boolean all = answered.containsAll(members.keySet()) && ledger.leased().size() >= members.size();
        if (collecting && ((all && !members.isEmpty()) || now - collectUntil >= 0)) {
            collecting = false;
            planNeeded = true;
        }
        long spacing = PLAN_SPACING + PLAN_SPACING_PER_PROBE * tasks.size();
        if (planNeeded && !collecting && now - lastPlan >= spacing) {
            planNeeded = false;
            lastPlan = now;
            plan();
        }
        ledger.flush(now);
        sendChanges(now);
    }

    private void plan() {
        List<Seat> seats = new ArrayList<>();
        for (String node : ledger.leased()) {
            Member member = members.get(node);
            if (member != null) {
                int capacity = fitness.getOrDefault(node, new Fitness(FULL_CAPACITY, 0)).capacity;
                seats.add(new Seat(node, member.draining() ? 0 : capacity));
            }
        }
        if (seats.stream().allMatch(seat -> seat.capacity() == 0)) {
            // Everybody is leaving: the probes go on until the last one has left.
            seats.replaceAll(seat -> new Seat(seat.node(), 1));
        }
        Map<Long, List<String>> current = heldBy.isEmpty() ? ledger.desired() : heldBy;
        List<Task> all = List.copyOf(tasks.values());
        ledger.desire(all, AssignmentPlanner.plan(all, seats, current));
        if (!tasks.isEmpty()) {
            heldBy.clear();
        }
    }

    private void sendChanges(long now) {
        if (!board.hasChanged() || now - lastView < Timing.CONFLATE.toNanos()) {
            return;
        }
        lastView = now;
        View view = new View(term, viewVersion + 1, viewVersion, board.takeChanged(Timing.CHUNK));
        viewVersion++;
        ledger.leased().forEach(node -> out.send(node, view));
    }

    /** Repeats a part of the view to everybody, for what got lost without a trace. */
    private void refresh(long now) {
        if (now - lastRefresh < Timing.REFRESH.toNanos()) {
            return;
        }
        lastRefresh = now;
        if (refreshed >= refreshing.size()) {
            refreshing = board.all();
            refreshed = 0;
        }
        int to = Math.min(refreshing.size(), refreshed + Timing.CHUNK);
        Set<Long> current = tasks.keySet();
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : refreshing.subList(refreshed, to)) {
            if (current.contains(entry.probe())) {
                entries.add(board.entry(entry.probe(), entry));
            }
        }
        refreshed = to;
        View view = new View(term, viewVersion + 1, viewVersion, entries);
        viewVersion++;
        ledger.leased().forEach(node -> out.send(node, view));
    }

    /** Whether anything waits to be sent as soon as {@link Timing#CONFLATE} allows. */
    boolean isWaiting() {
        return board.hasChanged() || planNeeded;
    }

    /** Who may own a probe in this term. For tests of the invariant. */
    List<String> owners(long probe) {
        return ledger.owners(probe);
    }
}
