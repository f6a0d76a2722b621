package io.halite.health.probe;

import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.health.Health;
import io.halite.health.HealthTable;
import io.halite.health.HealthView;
import io.halite.health.Reason;
import io.halite.health.Steadfast;
import io.halite.health.TargetHealth;
import io.halite.health.Transition;
import io.halite.health.WatchedTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what is known of every probe's target, wherever it was probed, and publishes it as one table by
 * target. A change goes out at once; more of them are conflated at 25 ms, or at twenty times what building a table
 * costs, so that publishing never takes more than a twentieth of a processor. Safe for use by many threads.
 */
public final class HealthBoard implements AutoCloseable {
    /** Transitions kept of each probe, as long as all of them together stay within {@link #KEPT_IN_ALL}. */
    static final int KEPT = 100;
    static final int KEPT_IN_ALL = 200_000;
    private static final int KEPT_AT_LEAST = 10;
    private static final String IN_MAINTENANCE = "In maintenance: it gets no traffic and no probes.";
    private static final System.Logger LOGGER = System.getLogger(HealthBoard.class.getName());
    private static final int FLIPS_LOGGED_PER_SECOND = 20;
    private static final long CONFLATE = 25_000_000;
    private static final int COST_FACTOR = 20;

    // immutable
    private final Ticker ticker;
    private final InstantSource wall;
    private final WatchedTable published = new WatchedTable();
    private final Thread publisher;
    private final Steadfast steadfast = new Steadfast("health-publisher");
    private final LogLimit flips = new LogLimit(FLIPS_LOGGED_PER_SECOND);

    // guarded by this
    private final Map<ProbeKey, Known> known = new HashMap<>();
    private final Map<ProbeKey, ProbeStatus> vetoes = new HashMap<>();
    private ProbePlan plan = ProbePlan.EMPTY;
    private Map<TargetRef, Instant> silentSince = Map.of();
    private int kept = KEPT;
    private long version;

    // any thread
    private volatile boolean dirty;
    private volatile boolean closed;

    /** What is known of one probe's target. */
    private static final class Known {
        private ProbeStatus status;
        private String node;
        private boolean resting;
        private final Deque<Transition> transitions = new ArrayDeque<>(2);

        Known(ProbeStatus status, String node) {
            this.status = status;
            this.node = node;
        }

        Known copy() {
            Known copy = new Known(status, node);
            copy.resting = resting;
            copy.transitions.addAll(transitions);
            return copy;
        }

        /** Forgets what was seen but not what happened, as nobody probes it any more, or does again. */
        void rest(boolean atRest, Instant now, int kept) {
            if (resting != atRest) {
                resting = atRest;
                if (atRest) {
                    add(new Transition(now, status.health(), Health.UNKNOWN, Reason.MAINTENANCE.code(), IN_MAINTENANCE, "",
                            Duration.ZERO), kept);
                }
                status = ProbeStatus.initial(now);
            }
        }

        void add(Transition change, int kept) {
            if (change.from() != change.to()) {
                while (transitions.size() >= kept) {
                    transitions.removeFirst();
                }
                transitions.addLast(change);
            }
        }
    }

    public HealthBoard(Ticker ticker, InstantSource wall) {
        this.ticker = ticker;
        this.wall = wall;
        this.publisher = Thread.ofVirtual().name("health-publisher").start(this::publish);
    }

    public HealthView view() {
        return published;
    }

    /**
     * Shows the targets of this plan from now on. What is known of probes it still has is kept, and a target whose
     * check changed but not its address keeps its health until the new check has earned another: changing a check
     * takes no target out.
     */
    public void plan(ProbePlan next) {
        synchronized (this) {
            Map<TargetRef, Instant> stillSilent = new HashMap<>();
            next.targets().forEach((ref, entry) -> {
                ProbePlan.Entry before = plan.targets().get(ref);
                inherit(before, entry);
                if (!entry.isProbed() || !known.containsKey(entry.key())) {
                    boolean same = before != null && before.silent() == entry.silent();
                    Instant since = same ? silentSince.get(ref) : null;
                    stillSilent.put(ref, since == null ? wall.instant() : since);
                }
            });
            silentSince = stillSilent;
            plan = next;
            retain(next);
            vetoes.keySet().retainAll(next.probes().keySet());
            kept = Math.clamp(KEPT_IN_ALL / Math.max(1, next.probes().size()), KEPT_AT_LEAST, KEPT);
        }
        touch();
    }

    /** A target in maintenance keeps its history. */
    private void retain(ProbePlan next) {
        Set<ProbeKey> shown = HashSet.newHashSet(next.targets().size());
        next.targets().values().forEach(entry -> {
            if (entry.key() != null) {
                shown.add(entry.key());
            }
        });
        known.keySet().retainAll(shown);
        Instant now = wall.instant();
        known.forEach((key, found) -> found.rest(!next.probes().containsKey(key), now, kept));
    }

    private void inherit(ProbePlan.@Nullable Entry before, ProbePlan.Entry after) {
        ProbeKey old = before == null ? null : before.key();
        ProbeKey key = after.key();
        if (old == null || key == null || known.containsKey(key) || !old.address().equals(key.address())) {
            return;
        }
        Known found = known.get(old);
        if (found != null) {
            known.put(key, found.copy());
        }
    }

    /** The plan that is shown. */
    public synchronized ProbePlan plan() {
        return plan;
    }

    /** Takes in what a node found of a probe's target. */
    public void update(ProbeKey key, ProbeStatus status, String node) {
        Health from;
        synchronized (this) {
            if (!plan.probes().containsKey(key)) {
                return;
            }
            Known before = known.computeIfAbsent(key, _ -> new Known(ProbeStatus.initial(status.since()), node));
            from = before.status.health();
            before.add(new Transition(status.since(), from, status.health(), status.reason().code(), status.sentence(), node,
                    status.took()), kept);
            before.status = status;
            before.node = node;
        }
        touch();
        if (from != status.health()) {
            log(key, from, status, node);
        }
    }

    /** Flips are events of the first rank, but ten thousand targets may flip at once. */
    private void log(ProbeKey key, Health from, ProbeStatus status, String node) {
        if (!flips.allows(ticker.nanos())) {
            return;
        }
        LOGGER.log(System.Logger.Level.INFO, "target changed address=" + key.address() + " from=" + from.key() + " to="
                + status.health().key() + " reason=" + status.reason().code() + " prober=" + node + " evidence=\""
                + status.evidence() + "\" suppressed=" + flips.takeSuppressed());
    }

    /**
     * This node sees a target fail that the cluster calls healthy, and keeps its own traffic away from it; null takes
     * that back.
     */
    public void veto(ProbeKey key, @Nullable ProbeStatus seenHere) {
        boolean changed;
        synchronized (this) {
            changed = seenHere == null ? vetoes.remove(key) != null
                    : plan.probes().containsKey(key) && !seenHere.equals(vetoes.put(key, seenHere));
        }
        if (changed) {
            touch();
        }
    }

    /** The last status of a probe; null when nothing is known. */
    public synchronized @Nullable ProbeStatus status(ProbeKey key) {
        Known found = known.get(key);
        return found == null ? null : found.status;
    }

    /** The last changes of a target's health, oldest first. */
    public synchronized List<Transition> transitions(TargetRef target) {
        ProbePlan.Entry entry = plan.targets().get(target);
        Known found = entry == null || entry.key() == null ? null : known.get(entry.key());
        return found == null ? List.of() : List.copyOf(found.transitions);
    }

    private void touch() {
        dirty = true;
        LockSupport.unpark(publisher);
    }

    private void publish() {
        while (!closed) {
            if (!dirty) {
                LockSupport.park(this);
                continue;
            }
            dirty = false;
            long begun = ticker.nanos();
            steadfast.run(() -> published.publish(build()));
            long cost = ticker.nanos() - begun;
            rest(begun, Math.max(CONFLATE, COST_FACTOR * cost));
        }
    }

    /** Lets changes gather. */
    private void rest(long since, long nanos) {
        for (long left = nanos; left > 0 && !closed; left = nanos - (ticker.nanos() - since)) {
            LockSupport.parkNanos(this, left);
        }
    }

    private synchronized HealthTable build() {
        Map<TargetRef, TargetHealth> targets = HashMap.newHashMap(plan.targets().size());
        plan.targets().forEach((ref, entry) -> targets.put(ref, health(ref, entry)));
        return new HealthTable(++version, targets);
    }

    private TargetHealth health(TargetRef ref, ProbePlan.Entry entry) {
        if (!entry.isProbed() || entry.key() == null) {
            String message = entry.silent() == Reason.MAINTENANCE
                    ? IN_MAINTENANCE : "Its pool has no check.";
            return silent(entry.silent(), message, silentSince.getOrDefault(ref, Instant.EPOCH));
        }
        Known found = known.get(entry.key());
        if (found == null) {
            return silent(Reason.INITIAL, "Awaiting the first verdict.", silentSince.getOrDefault(ref, Instant.EPOCH));
        }
        ProbeStatus status = found.status;
        ProbeStatus veto = vetoes.get(entry.key());
        if (veto != null && status.health() == Health.HEALTHY) {
            return new TargetHealth(Health.UNHEALTHY, veto.reason().code(), "Seen from this node alone it fails: "
                    + veto.evidence() + "; the cluster holds it healthy.", found.node, veto.since(), veto.weightPercent());
        }
        return new TargetHealth(status.health(), status.reason().code(), status.sentence(), found.node,
                status.since(), status.weightPercent());
    }

    private static TargetHealth silent(Reason reason, String message, Instant since) {
        return new TargetHealth(Health.UNKNOWN, reason.code(), message, "", since);
    }

    /** Steps of its thread that failed since start and were passed over. */
    public long failedSteps() {
        return steadfast.failed();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(publisher);
        published.close();
    }
}
