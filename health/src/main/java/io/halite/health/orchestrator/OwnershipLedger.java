package io.halite.health.orchestrator;

import io.halite.health.orchestrator.HealthMessage.Assign;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The leader's books: who shall own which probe, and who may still own it. Within the leader's term no probe ever has
 * more owners than vantage points: it is given to the next worker only after the one before has confirmed that it
 * gave it up, or its lease has run out by the leader's longer count. Pure, owned by one thread.
 */
final class OwnershipLedger {
    private final Outbox out;
    private final long term;
    private final BiConsumer<Long, List<String>> ownersChanged;
    private final Map<Long, Deed> deeds = new HashMap<>();
    private final Map<String, Desk> desks = new TreeMap<>();
    private long epoch;

    /** One probe: who shall have it and who may own it. */
    private static final class Deed {
        private final long probe;
        private int vantages;
        private List<String> desired = List.of();
        private final List<String> owners = new ArrayList<>(1);

        Deed(long probe) {
            this.probe = probe;
        }
    }

    /** One worker: its lease and what it was assigned. */
    private static final class Desk {
        private final String node;
        private boolean leased;
        private long leaseUntil;
        private long version;
        private long floor;
        private long acknowledged;
        private long lastSeq;
        private long wholeAt;
        private final Deque<Sent> sent = new ArrayDeque<>();
        /** Whether a decision was taken since it came: before, there is nothing to tell it. */
        private boolean planned;
        /** Whether it is told everything with the next flush instead of what changed. */
        private boolean whole = true;
        private final Set<Long> granted = new HashSet<>();
        private final Set<Long> adding = new LinkedHashSet<>();
        private final Set<Long> removing = new LinkedHashSet<>();
        private final Deque<Release> releases = new ArrayDeque<>();

        Desk(String node) {
            this.node = node;
        }
    }

    /** An assignment that was not confirmed yet. */
    private record Sent(long version, long at) {}

    /** Probes that a worker gives up with a version. */
    private record Release(long version, Set<Long> probes) {}

    /**
     * Starts empty.
     *
     * @param ownersChanged hears of every probe whose possible owners changed
     */
    OwnershipLedger(long term, Outbox out, BiConsumer<Long, List<String>> ownersChanged) {
        this.term = term;
        this.out = out;
        this.ownersChanged = ownersChanged;
    }

    /** The workers whose leases run. */
    List<String> leased() {
        return desks.values().stream().filter(desk -> desk.leased).map(desk -> desk.node).toList();
    }

    boolean isLeased(String node) {
        Desk desk = desks.get(node);
        return desk != null && desk.leased;
    }

    /** When a worker's lease runs out by the leader's count. */
    long leaseUntil(String node) {
        Desk desk = desks.get(node);
        return desk == null ? 0 : desk.leaseUntil;
    }

    long floor(String node) {
        Desk desk = desks.get(node);
        return desk == null ? 0 : desk.floor;
    }

    /** Counts the changes that were sent. */
    long epoch() {
        return epoch;
    }

    /** Who may own a probe. */
    List<String> owners(long probe) {
        Deed deed = deeds.get(probe);
        return deed == null ? List.of() : List.copyOf(deed.owners);
    }

    /** How many vantage points a probe has at present. */
    int vantages(long probe) {
        Deed deed = deeds.get(probe);
        return deed == null ? 0 : deed.desired.size();
    }

    /** What was decided last. */
    Map<Long, List<String>> desired() {
        Map<Long, List<String>> all = HashMap.newHashMap(deeds.size());
        deeds.forEach((probe, deed) -> all.put(probe, deed.desired));
        return all;
    }

    /** Takes a decision over; what can be given out at once is, with the next {@link #flush}. */
    void desire(List<Task> tasks, Map<Long, List<String>> plan) {
        Set<Long> wanted = HashSet.newHashSet(tasks.size());
        for (Task task : tasks) {
            wanted.add(task.probe());
            Deed deed = deeds.computeIfAbsent(task.probe(), Deed::new);
            int before = deed.desired.size();
            deed.vantages = task.vantages();
            deed.desired = List.copyOf(plan.getOrDefault(task.probe(), List.of()));
            if (before != deed.desired.size()) {
                ownersChanged.accept(deed.probe, List.copyOf(deed.owners));
            }
        }
        for (Desk desk : desks.values()) {
            desk.planned |= desk.leased;
        }
        for (Deed deed : new ArrayList<>(deeds.values())) {
            if (!wanted.contains(deed.probe)) {
                deed.desired = List.of();
            }
            settle(deed);
        }
    }

    /** A renewal came; false when a later one came before it, for then it proves nothing. */
    boolean renewed(long now, String node, long seq, long version) {
        Desk desk = desks.computeIfAbsent(node, Desk::new);
        if (desk.leased && seq <= desk.lastSeq) {
            return false;
        }
        desk.lastSeq = seq;
        desk.leaseUntil = now + Timing.LEASE_AT_LEADER.toNanos();
        desk.leased = true;
        if (version <= desk.version && version >= desk.floor) {
            acknowledge(desk, version);
        }
        // A worker that was started anew knows nothing of what it confirmed.
        boolean forgot = desk.sent.isEmpty() && version != desk.version;
        if ((forgot || isOverdue(desk, now)) && now - desk.wholeAt >= Timing.RESEND.toNanos()) {
            desk.whole = true;
        }
        return true;
    }

    /** Whether a worker should have confirmed an assignment by now. */
    private static boolean isOverdue(Desk desk, long now) {
        return !desk.sent.isEmpty() && now - desk.sent.getFirst().at >= Timing.RESEND.toNanos();
    }

    /** Whether every probe has an owner, who has confirmed it or was told only just now. */
    boolean isComplete(long now) {
        return deeds.values().stream().noneMatch(deed -> deed.owners.isEmpty())
                && desks.values().stream().noneMatch(desk -> desk.leased && isOverdue(desk, now));
    }

    private void acknowledge(Desk desk, long version) {
        desk.acknowledged = Math.max(desk.acknowledged, version);
        while (!desk.sent.isEmpty() && desk.sent.getFirst().version <= desk.acknowledged) {
            desk.sent.removeFirst();
        }
        while (!desk.releases.isEmpty() && desk.releases.getFirst().version <= desk.acknowledged) {
            for (Long probe : desk.releases.removeFirst().probes) {
                boolean later = desk.releases.stream().anyMatch(release -> release.probes.contains(probe));
                if (!later && !desk.granted.contains(probe)) {
                    release(desk.node, probe);
                }
            }
        }
    }

    private void release(String node, long probe) {
        Deed deed = deeds.get(probe);
        if (deed != null && deed.owners.remove(node)) {
            settle(deed);
            ownersChanged.accept(probe, List.copyOf(deed.owners));
        }
    }

    /** Ends the leases that ran out; answers whose. */
    List<String> expire(long now) {
        List<String> ended = new ArrayList<>();
        for (Desk desk : desks.values()) {
            if (desk.leased && now - desk.leaseUntil > 0) {
                ended.add(desk.node);
                end(desk);
            }
        }
        return ended;
    }

    private void end(Desk desk) {
        desk.leased = false;
        desk.version++;
        desk.floor = desk.version;
        desk.whole = true;
        desk.planned = false;
        Set<Long> probes = new LinkedHashSet<>(desk.granted);
        desk.releases.forEach(release -> probes.addAll(release.probes));
        desk.granted.clear();
        desk.adding.clear();
        desk.removing.clear();
        desk.releases.clear();
        desk.sent.clear();
        probes.forEach(probe -> release(desk.node, probe));
    }

    /** Gives a probe to those who shall have it as far as owners before them allow, and takes it from the others. */
    private void settle(Deed deed) {
        for (String node : List.copyOf(deed.owners)) {
            Desk desk = desks.get(node);
            if (desk != null && !deed.desired.contains(node) && desk.granted.contains(deed.probe)) {
                revoke(desk, deed);
            }
        }
        for (String node : deed.desired) {
            Desk desk = desks.get(node);
            if (desk != null && desk.leased && !desk.granted.contains(deed.probe)) {
                grant(desk, deed);
            }
        }
        if (deed.desired.isEmpty() && deed.owners.isEmpty()) {
            deeds.remove(deed.probe);
        }
    }

    private void grant(Desk desk, Deed deed) {
        boolean owner = deed.owners.contains(desk.node);
        if (!owner && deed.owners.size() >= deed.vantages) {
            return;
        }
        desk.granted.add(deed.probe);
        if (!desk.removing.remove(deed.probe)) {
            desk.adding.add(deed.probe);
        }
        if (!owner) {
            deed.owners.add(desk.node);
            ownersChanged.accept(deed.probe, List.copyOf(deed.owners));
        }
    }

    private void revoke(Desk desk, Deed deed) {
        desk.granted.remove(deed.probe);
        if (!desk.adding.remove(deed.probe)) {
            desk.removing.add(deed.probe);
        } else if (desk.releases.stream().noneMatch(release -> release.probes.contains(deed.probe))) {
            // Never sent, and no earlier version still has it: nobody owned it.
            deed.owners.remove(desk.node);
            ownersChanged.accept(deed.probe, List.copyOf(deed.owners));
        }
    }

    /** Sends the changes gathered since the last time, to each worker its own. */
    void flush(long now) {
        for (Desk desk : desks.values()) {
            boolean changed = desk.whole || !desk.adding.isEmpty() || !desk.removing.isEmpty();
            if (desk.leased && desk.planned && changed) {
                send(desk, now);
            }
        }
    }

    private void send(Desk desk, long now) {
        epoch++;
        desk.version++;
        if (!desk.removing.isEmpty()) {
            desk.releases.addLast(new Release(desk.version, Set.copyOf(desk.removing)));
        }
        out.send(desk.node, desk.whole
                ? new Assign(term, desk.version, 0, List.copyOf(desk.granted), List.of())
                : new Assign(term, desk.version, desk.version - 1, List.copyOf(desk.adding),
                        List.copyOf(desk.removing)));
        if (desk.whole) {
            // It holds all that was told before, and is as overdue as that.
            long since = desk.sent.isEmpty() ? now : desk.sent.getFirst().at;
            desk.sent.clear();
            desk.sent.addLast(new Sent(desk.version, since));
            desk.wholeAt = now;
        } else {
            desk.sent.addLast(new Sent(desk.version, now));
        }
        desk.whole = false;
        desk.adding.clear();
        desk.removing.clear();
    }

    /** Forgets members that left the cluster, once nothing can be theirs any more. */
    void retain(Collection<String> members) {
        desks.values().removeIf(desk -> !desk.leased && !members.contains(desk.node));
    }
}
