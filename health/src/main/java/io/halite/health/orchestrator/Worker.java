package io.halite.health.orchestrator;

import io.halite.health.orchestrator.HealthMessage.Ask;
import io.halite.health.orchestrator.HealthMessage.Assign;
import io.halite.health.orchestrator.HealthMessage.Finding;
import io.halite.health.orchestrator.HealthMessage.Grant;
import io.halite.health.orchestrator.HealthMessage.Held;
import io.halite.health.orchestrator.HealthMessage.Hello;
import io.halite.health.orchestrator.HealthMessage.Nudge;
import io.halite.health.orchestrator.HealthMessage.Renew;
import io.halite.health.orchestrator.HealthMessage.Report;
import io.halite.health.orchestrator.HealthMessage.Told;
import io.halite.health.orchestrator.HealthMessage.View;
import io.halite.health.probe.ProbeStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node's side of the division of probes: what it is to probe now, and whether what it finds counts.
 *
 * <p><b>Pure</b>: time comes in as an argument, messages go out through the {@link Outbox}; the same calls have the same
 * effects. Owned by one thread.
 *
 * <p><b>Owning and probing are two things.</b> It owns its assignment of the present term as long as its lease runs,
 * counted from when it sent the renewal that was granted; only then do its findings count for the cluster. It goes on
 * probing what it held when the lease runs out or the leader is lost, because a double probe does no harm and a blind
 * spot does: that ends with the next assignment. Until its first assignment, and without a grant of what it holds for
 * {@link Timing#ALONE_AFTER}, it probes everything in the config, for itself. It also does, besides what it owns, while
 * for {@link Timing#COVER_AFTER} no leader could say that everything has an owner.
 */
final class Worker {

    /** What a node's probing rests on. */
    enum Mode {
        /** It has a lease. */
        ASSIGNED,
        /** It had one, and nobody told it otherwise yet. */
        HOLDING_ON,
        /** It never had one, or not for long: it probes all that it proxies, for its own traffic. */
        ALONE
    }

    // immutable
    private final Outbox out;

    private Set<Long> all = Set.of();
    private String leader = "";
    private long term;

    private Set<Long> held = new HashSet<>();
    private long heldTerm;
    private long version;
    private long floor;
    private long leaseUntil;
    private long lastGrant;
    private boolean everGranted;
    private boolean alone = true;
    private long lastComplete;
    private boolean covering;

    private long probesVersion;
    private long seq;
    private long lastRenew;
    private boolean introduced;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private int latePermille;

    private final Map<Long, ProbeStatus> found = new HashMap<>();
    private final Map<Long, ProbeStatus> unreported = new LinkedHashMap<>();
    private long lastReport;
    private long lastRefresh;
    private Iterator<Long> refreshing = Collections.emptyIterator();

    private long viewTerm;
    private long viewVersion;
    private long epoch;
    private List<HealthMessage.Shift> roster = List.of();
    private long rosterAt;

    /** A renewal on its way. */
    private record Sent(long seq, long at) {}

    /**
     * Starts knowing nothing.
     *
     * @param firstSeq above every number that this node ever gave a renewal before, such as the time of day
     */
    Worker(long now, long firstSeq, Outbox out) {
        this.out = out;
        seq = firstSeq;
        lastGrant = now;
        lastComplete = now;
        lastRenew = now - Timing.RENEW.toNanos();
        lastReport = now;
        lastRefresh = now;
        leaseUntil = now;
    }

    /** The probes of the active config. */
    void plan(Set<Long> probes) {
        all = probes;
        probesVersion++;
        found.keySet().retainAll(probes);
        unreported.keySet().retainAll(probes);
    }

    /** What Raft says of the leader; lower terms than one already heard of are old news. */
    void standing(long now, String nextLeader, long nextTerm) {
        if (nextTerm < term || nextLeader.isEmpty()) {
            return;
        }
        if (nextTerm > term || !nextLeader.equals(leader)) {
            follow(now, nextLeader, nextTerm);
        }
    }

    /** How many of the last thousand probes were void for this node's own lateness. */
    void lateness(int permille) {
        latePermille = permille;
    }

    private void follow(long now, String nextLeader, long nextTerm) {
        leader = nextLeader;
        term = nextTerm;
        floor = 0;
        introduced = false;
        sent.clear();
        introduce(now);
    }

    /** Tells a leader that does not know us yet what we hold, and asks for a lease. */
    private void introduce(long now) {
        introduced = true;
        List<Long> probes = new ArrayList<>(held);
        for (int from = 0; from < probes.size() || from == 0; from += Timing.CHUNK) {
            int to = Math.min(probes.size(), from + Timing.CHUNK);
            out.send(leader, new Held(term, probes.subList(from, to), to == probes.size()));
        }
        renew(now);
    }

    private void renew(long now) {
        seq++;
        lastRenew = now;
        sent.addLast(new Sent(seq, now));
        while (sent.size() > 8) {
            sent.removeFirst();
        }
        out.send(leader, new Renew(term, seq, heldTerm == term ? version : 0, viewTerm == term ? viewVersion : 0,
                latePermille));
    }

    void receive(long now, String from, HealthMessage message) {
        switch (message) {
            case Hello hello -> hello(now, from, hello);
            case Grant grant -> grant(now, grant);
            case Assign assign -> assign(now, assign);
            case View _, Held _, Renew _, Report _, Nudge _, Ask _, Told _ -> { }
        }
    }

    private void hello(long now, String from, Hello hello) {
        if (hello.term() > term || (hello.term() == term && !from.equals(leader))) {
            follow(now, from, hello.term());
        } else if (hello.term() == term) {
            introduce(now);
        }
    }

    private void grant(long now, Grant grant) {
        if (grant.term() != term) {
            return;
        }
        for (Sent renewal : sent) {
            if (renewal.seq == grant.seq()) {
                leaseUntil = Math.max(leaseUntil, renewal.at + Math.min(
                        Timing.LEASE.toNanos(), grant.leaseMillis() * 1_000_000L));
                lastComplete = grant.complete() ? Math.max(lastComplete, renewal.at) : lastComplete;
            }
        }
        floor = Math.max(floor, grant.floor());
        if (heldTerm == term && version >= floor) {
            granted(now);
        }
        epoch = grant.epoch();
        roster = grant.roster();
        rosterAt = now;
    }

    private void assign(long now, Assign assign) {
        boolean newer = assign.term() == term && (heldTerm != term || assign.version() > version);
        boolean fits = assign.base() == 0 || (heldTerm == term && assign.base() == version);
        if (!newer || !fits) {
            return;
        }
        Set<Long> next = assign.base() == 0 ? new HashSet<>() : held;
        next.addAll(assign.added());
        assign.removed().forEach(next::remove);
        boolean gaveUp = assign.base() == 0 || !assign.removed().isEmpty();
        held = next;
        heldTerm = term;
        version = assign.version();
        granted(now);
        probesVersion++;
        for (Long probe : assign.added()) {
            ProbeStatus known = found.get(probe);
            if (known != null) {
                unreported.put(probe, known);
            }
        }
        found.keySet().retainAll(held);
        unreported.keySet().retainAll(held);
        if (gaveUp) {
            // The leader gives away what we no longer have as soon as it knows.
            renew(now);
        }
        report(now);
    }

    /**
     * What it holds is granted. A leader that was only paused never took it away, and has nothing to assign anew when both
     * are back: then this ends being alone.
     */
    private void granted(long now) {
        lastGrant = now;
        everGranted = true;
        if (alone) {
            alone = false;
            lastComplete = now;
            probesVersion++;
            found.keySet().retainAll(held);
            unreported.keySet().retainAll(held);
        }
    }

    /** Something was found of a probe that runs here. */
    void found(long now, long probe, ProbeStatus status) {
        if (all.contains(probe)) {
            found.put(probe, status);
            unreported.put(probe, status);
            report(now);
        }
    }

    /** Time passes. */
    void tick(long now) {
        boolean leased = !leader.isEmpty() && introduced;
        if (leased && now - lastRenew >= Timing.RENEW.toNanos()) {
            renew(now);
        }
        if (!alone && isForsaken(now)) {
            alone = true;
            probesVersion++;
        }
        boolean cover = !alone && now - lastComplete >= Timing.COVER_AFTER.toNanos();
        if (cover != covering) {
            covering = cover;
            probesVersion++;
        }
        report(now);
        refresh(now);
    }

    private void report(long now) {
        if (unreported.isEmpty() || mode(now) != Mode.ASSIGNED || now - lastReport < Timing.CONFLATE.toNanos()) {
            return;
        }
        lastReport = now;
        List<Finding> findings = new ArrayList<>();
        Iterator<Map.Entry<Long, ProbeStatus>> each = unreported.entrySet().iterator();
        while (each.hasNext() && findings.size() < Timing.CHUNK) {
            Map.Entry<Long, ProbeStatus> next = each.next();
            if (held.contains(next.getKey())) {
                findings.add(new Finding(next.getKey(), next.getValue()));
            }
            each.remove();
        }
        if (!findings.isEmpty()) {
            out.send(leader, new Report(term, findings));
        }
    }

    /** Repeats a part of what was reported, for what got lost. */
    private void refresh(long now) {
        if (now - lastRefresh < Timing.REFRESH.toNanos() || mode(now) != Mode.ASSIGNED) {
            return;
        }
        lastRefresh = now;
        if (!refreshing.hasNext()) {
            refreshing = new ArrayList<>(found.keySet()).iterator();
        }
        for (int i = 0; i < Timing.CHUNK && refreshing.hasNext(); i++) {
            Long probe = refreshing.next();
            ProbeStatus status = found.get(probe);
            if (status != null) {
                unreported.putIfAbsent(probe, status);
            }
        }
        report(now);
    }

    /** Whether a view is news; remembers its version. A view that does not follow the last one leaves a gap to repair. */
    boolean accepts(View view) {
        if (view.term() != term || (viewTerm == term && view.base() != 0 && view.version() <= viewVersion)) {
            return false;
        }
        boolean follows = view.base() == 0 || (viewTerm == term && view.base() == viewVersion && viewVersion != 0);
        viewTerm = term;
        viewVersion = follows ? Math.max(view.version(), viewVersion) : 0;
        return true;
    }

    Mode mode(long now) {
        if (alone) {
            return Mode.ALONE;
        }
        return heldTerm == term && version >= floor && leaseUntil - now > 0 ? Mode.ASSIGNED : Mode.HOLDING_ON;
    }

    /** Whether it probes everything besides what it owns, because not everything may have an owner. */
    boolean isCovering() {
        return covering;
    }

    /** Whether there has been no grant for so long that it is not merely starting: a degraded mode. */
    boolean isForsaken(long now) {
        return now - lastGrant >= (everGranted ? Timing.ALONE_AFTER : Timing.ALONE_AFTER_START).toNanos();
    }

    /** Whether what is found of this probe counts for the cluster. */
    boolean owns(long now, long probe) {
        return mode(now) == Mode.ASSIGNED && held.contains(probe);
    }

    /** What to probe; may name probes that the active config does not know yet. */
    Set<Long> probes() {
        return Collections.unmodifiableSet(alone || covering ? all : held);
    }

    /** Changes whenever {@link #probes} may have. */
    long probesVersion() {
        return probesVersion;
    }

    /** What this node itself found of a probe that runs here; null when nothing yet. */
    @Nullable ProbeStatus foundHere(long probe) {
        return found.get(probe);
    }

    /** Whether anything waits to be sent as soon as {@link Timing#CONFLATE} allows. */
    boolean isWaiting(long now) {
        return !unreported.isEmpty() && mode(now) == Mode.ASSIGNED;
    }

    long term() {
        return term;
    }

    long epoch() {
        return epoch;
    }

    /** Who worked when the last grant came, and when that was. */
    List<HealthMessage.Shift> roster() {
        return roster;
    }

    long rosterAt() {
        return rosterAt;
    }
}
