package io.halite.health.probe;

import io.halite.config.Ticker;
import io.halite.health.ProbeCount;
import io.halite.health.ProbeOutcome;
import io.halite.health.Reason;
import io.halite.health.Steadfast;
import io.halite.health.Verdict;
import io.halite.health.probe.kind.Attempt;
import io.halite.health.probe.kind.DialogueLoop;
import io.halite.health.probe.kind.Prober;
import io.halite.health.probe.kind.ProbeResult;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs probes: when, how many at once, until when, and what their results mean.
 *
 * <p><b>Concurrency.</b> One platform thread owns the schedule and all probes' state; everybody else sends it
 * messages. Plain probes are dialogues that the same thread holds without blocking ({@link DialogueLoop}); the others run
 * on a virtual thread each and report back. At most {@link #MAX_IN_FLIGHT} run at once; beyond that turns wait, which
 * stretches intervals and never makes a target unhealthy.
 *
 * <p><b>Time-outs</b> are hard: the owner closes the socket of an overdue probe, whatever call it hangs in. What came in
 * time is heard before anything is called overdue.
 *
 * <p><b>Own lateness.</b> A starved node sees time-outs that are its own. Pulses measure how late this process was
 * ({@link Lateness}). When the lag in the course of a probe comes to an eighth of its time-out, the deadline moves by
 * it, and if the probe then still ends in a time-out, reset or hang-up, the result is void. An eighth, because a probe
 * waits for its turn up to six times (start, connect, two for TLS, write, read), each time as long as the worst lag.
 */
public final class ProbeEngine implements AutoCloseable {
    static final int MAX_IN_FLIGHT = 4_096;
    private static final double JITTER = 0.1;
    private static final long MILLI = 1_000_000;
    /** First probes of a plan are spread at this distance, but over one interval at most. */
    private static final long SPREAD_PER_PROBE = MILLI / 2;
    private static final long LEAST_SPREAD = 100 * MILLI;
    /** Back to back, but not a busy loop. */
    private static final long LEAST_INTERVAL = 20 * MILLI;
    private static final long TICK = 10 * MILLI;
    private static final long IDLE_TICK = 500 * MILLI;
    private static final long NAME_RETRY = 100 * MILLI;
    private static final int LATE_FRACTION = 8;
    private static final long ON_DEMAND_GRACE_SECONDS = 5;
    private static final Set<Reason> DOUBTFUL = Set.of(
            Reason.TIMEOUT, Reason.CONNECTION_RESET, Reason.CONNECTION_CLOSED, Reason.TLS_FAILED);

    /** Hears what readers of health should know; called on the engine's thread. */
    @FunctionalInterface
    public interface Changes {
        void changed(ProbeKey key, ProbeStatus status);
    }

    // immutable
    private final String node;
    private final Ticker ticker;
    private final InstantSource wall;
    private final Changes changes;
    private final NameTable names;
    private final ProbeCounters counters = new ProbeCounters();
    private final Lateness lateness = new Lateness();
    private final Lateness.Pulse ownPulse = lateness.new Pulse();
    private final DialogueLoop dialogues = new DialogueLoop();
    private final Steadfast steadfast = new Steadfast("probe-engine");
    private final VirtualPulse virtualPulse;

    // any thread
    private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    // only the owner
    private final Map<ProbeKey, Probe> probes = new HashMap<>();
    private final Schedule schedule = new Schedule();
    private final Deadlines deadlines;
    private final SplittableRandom random = new SplittableRandom();
    private int running;
    private int startsPerSecond;
    private double budget;
    private long budgetAt;

    /** Starts without probes. */
    public ProbeEngine(String node, Ticker ticker, InstantSource wall, Changes changes) {
        this.node = node;
        this.ticker = ticker;
        this.wall = wall;
        this.changes = changes;
        this.names = new NameTable(ticker);
        this.deadlines = new Deadlines(ticker.nanos());
        this.virtualPulse = new VirtualPulse(ticker, lateness);
        Thread.ofPlatform().daemon().name("probe-engine").start(this::run);
    }

    /**
     * Runs exactly these probes from now on. One that runs already keeps its history and its turn; a new one starts
     * from the status given for it.
     */
    public void assign(Map<ProbeKey, ProbeStatus> wanted) {
        Map<ProbeKey, ProbeStatus> copy = Map.copyOf(wanted);
        send(() -> reassign(copy), true);
    }

    /** Starts no more probes per second than this, which stretches intervals; 0 for no limit. */
    public void limit(int perSecond) {
        send(() -> {
            startsPerSecond = perSecond;
            budget = 0;
            budgetAt = ticker.nanos();
        }, true);
    }

    /** Probes back to back until the target has passed or is unhealthy: somebody met a dead connection. */
    public void suspect(ProbeKey key) {
        send(() -> {
            Probe probe = probes.get(key);
            if (probe != null && !probe.running) {
                probe.suspect();
                long now = ticker.nanos();
                schedule.put(probe, Math.max(now, probe.startedAt + LEAST_INTERVAL));
            }
        }, true);
    }

    /** Probes once now, on top of the schedule, and waits; counted as a verdict if the probe is assigned here. */
    public Optional<ProbeOutcome> probeNow(ProbeKey key) {
        CompletableFuture<ProbeOutcome> outcome = new CompletableFuture<>();
        send(() -> {
            Probe assigned = probes.get(key);
            Probe probe = assigned == null ? new Probe(key, ProbeStatus.initial(wall.instant()), ticker.nanos())
                    : assigned;
            launch(probe, outcome);
        }, true);
        try {
            return Optional.of(outcome.get(
                    key.check().timeout().toSeconds() + ON_DEMAND_GRACE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException stopped) {
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Ended probes by kind and verdict since start. */
    public List<ProbeCount> counters() {
        return counters.snapshot();
    }

    /** Steps of its thread that failed since start and were passed over. */
    public long failedSteps() {
        return steadfast.failed();
    }

    @Override
    public void close() {
        closed = true;
        dialogues.wakeUp();
        virtualPulse.close();
        names.close();
    }

    private void send(Runnable message, boolean urgent) {
        mailbox.add(message);
        if (urgent) {
            dialogues.wakeUp();
        }
    }

    private void run() {
        while (!closed) {
            long begun = ticker.nanos();
            for (Runnable message = mailbox.poll(); message != null; message = mailbox.poll()) {
                steadfast.run(message);
            }
            steadfast.run(this::startDue);
            virtualPulse.wanted(running > 0);
            long now = ticker.nanos();
            lateness.record(now, now - begun);
            listen(now);
            steadfast.run(() -> deadlines.expire(now, this::overdue));
        }
        deadlines.all(Attempt::expire);
        dialogues.close();
    }

    /** Takes in what the targets say, until there is something else to do. */
    private void listen(long now) {
        boolean throttled = running >= MAX_IN_FLIGHT || (startsPerSecond > 0 && budget < 1);
        long wait = throttled ? TICK : schedule.untilNext(now, running > 0 ? TICK : IDLE_TICK);
        long millis = mailbox.isEmpty() ? Math.max(0, Math.ceilDiv(wait, MILLI)) : 0;
        ownPulse.expect(now + millis * MILLI);
        steadfast.run(() -> dialogues.await(millis));
        ownPulse.beat(ticker.nanos());
    }

    private void reassign(Map<ProbeKey, ProbeStatus> wanted) {
        probes.keySet().retainAll(wanted.keySet());
        schedule.rebuild(probes.values());
        names.keep(wanted.keySet().stream().map(key -> key.address().host()).filter(ProbeEngine::isName).toList());
        long now = ticker.nanos();
        int fresh = wanted.size() - probes.size();
        wanted.forEach((key, known) -> {
            if (!probes.containsKey(key)) {
                Probe probe = new Probe(key, known, now);
                probes.put(key, probe);
                long spread = Math.min(key.check().interval().toNanos(),
                        Math.max(LEAST_SPREAD, fresh * SPREAD_PER_PROBE));
                schedule.put(probe, now + random.nextLong(spread));
            }
        });
    }

    private static boolean isName(String host) {
        try {
            InetAddress.ofLiteral(host);
            return false;
        } catch (IllegalArgumentException name) {
            return true;
        }
    }

    private void startDue() {
        long now = ticker.nanos();
        refill(now);
        while (running < MAX_IN_FLIGHT && (startsPerSecond == 0 || budget >= 1)) {
            Probe probe = schedule.poll(now);
            if (probe == null) {
                return;
            }
            budget--;
            launch(probe, null);
        }
    }

    /** A budget of a tenth of a second at most, so that a pause is not followed by a burst. */
    private void refill(long now) {
        double earned = (now - budgetAt) * 1e-9 * startsPerSecond;
        budget = Math.min(Math.max(1, startsPerSecond / 10.0), Math.max(0, budget) + earned);
        budgetAt = now;
    }

    private void launch(Probe probe, @Nullable CompletableFuture<ProbeOutcome> outcome) {
        long now = ticker.nanos();
        InetAddress address = probe.literal;
        if (address == null) {
            NameTable.Answer answer = names.lookup(probe.key.address().host());
            address = answer.address();
            if (address == null) {
                unresolved(probe, answer.asked(), now, outcome);
                return;
            }
        }
        Attempt attempt = new Attempt(probe.key.address(), address, probe.key.check().timeout(), ticker);
        if (outcome == null) {
            probe.running = true;
            probe.startedAt = now;
        }
        running++;
        deadlines.watch(attempt);
        switch (probe.prober) {
            case Prober.Plain plain -> dialogues.begin(plain, attempt, result -> ended(
                    probe, judge(result, attempt, now, ticker.nanos()), now, ticker.nanos() - now, outcome));
            case Prober.Blocking blocking ->
                    Thread.ofVirtual().name("probe").start(() -> attempt(probe, blocking, attempt, now, outcome));
        }
    }

    private void ended(
            Probe probe, ProbeResult result, long begun, long took,
            @Nullable CompletableFuture<ProbeOutcome> outcome) {
        running--;
        complete(probe, result, begun, took, outcome);
    }

    private void unresolved(
            Probe probe, boolean asked, long now, @Nullable CompletableFuture<ProbeOutcome> outcome) {
        String host = probe.key.address().host();
        if (asked) {
            complete(probe, new ProbeResult.Failed(Reason.NAME_NOT_RESOLVED, "the name " + host + " has no address"),
                    now, 0, outcome);
        } else {
            complete(probe, new ProbeResult.Voided("the name " + host + " is being resolved"), now, 0, outcome);
            schedule.put(probe, now + NAME_RETRY);
        }
    }

    /** On a virtual thread. */
    private void attempt(
            Probe probe, Prober.Blocking prober, Attempt attempt, long queued,
            @Nullable CompletableFuture<ProbeOutcome> outcome) {
        ProbeResult result = new ProbeResult.Voided("the probe broke off");
        long begun = ticker.nanos();
        lateness.record(begun, begun - queued);
        try {
            attempt.begin();
            result = prober.verdict(attempt);
        } finally {
            long ended = ticker.nanos();
            if (attempt.isExpired()) {
                lateness.record(ended, ended - attempt.deadline());
            }
            ProbeResult judged = judge(result, attempt, queued, ended);
            send(() -> ended(probe, judged, queued, ended - begun, outcome),
                    !(judged instanceof ProbeResult.Passed) || outcome != null || probe.isNew());
        }
    }

    /** Voids a failure that this node's own lateness explains. */
    private ProbeResult judge(ProbeResult result, Attempt attempt, long since, long now) {
        if (!(result instanceof ProbeResult.Failed failed) || !DOUBTFUL.contains(failed.reason())) {
            return result;
        }
        long late = ownLateness(since, now);
        return late < attempt.timeout().toNanos() / LATE_FRACTION ? result : new ProbeResult.Voided(
                "the prober itself was late by " + late / MILLI + " ms, so its failure counts for nothing ("
                        + failed.evidence() + ")");
    }

    private long ownLateness(long since, long now) {
        return Math.max(lateness.worstSince(since), Math.max(ownPulse.overdue(now), virtualPulse.overdue(now)));
    }

    private void complete(
            Probe probe, ProbeResult result, long begun, long took,
            @Nullable CompletableFuture<ProbeOutcome> outcome) {
        Verdict verdict = verdict(result);
        counters.count(probe.kind, verdict);
        Duration duration = Duration.ofNanos(took);
        if (outcome != null) {
            String reason = result instanceof ProbeResult.Failed failed ? failed.reason().code() : "";
            outcome.complete(new ProbeOutcome(verdict, reason, result.evidence(), node, wall.instant(), duration));
        }
        if (probes.get(probe.key) != probe) {
            return;
        }
        long now = ticker.nanos();
        boolean wasNew = probe.isNew();
        if (probe.absorb(result, duration, now, wall.instant())) {
            changes.changed(probe.key, probe.status());
        }
        if (outcome == null) {
            probe.running = false;
            schedule.put(probe, next(probe, verdict, wasNew, begun, now));
        }
    }

    private long next(Probe probe, Verdict verdict, boolean wasNew, long begun, long now) {
        long interval = verdict == Verdict.VOIDED ? probe.retryNanos() : probe.intervalNanos(now);
        if (interval == 0) {
            return now + LEAST_INTERVAL;
        }
        // The first probes of a plan come close together; the second ones find each a place within the interval.
        double factor = wasNew ? random.nextDouble(JITTER, 1) : 1 + JITTER * (2 * random.nextDouble() - 1);
        return Math.max(now + LEAST_INTERVAL, begun + (long) (interval * factor));
    }

    private static Verdict verdict(ProbeResult result) {
        return switch (result) {
            case ProbeResult.Passed _ -> Verdict.PASSED;
            case ProbeResult.Failed _ -> Verdict.FAILED;
            case ProbeResult.Voided _ -> Verdict.VOIDED;
        };
    }

    private void overdue(Attempt attempt) {
        if (hasExtended(attempt, ticker.nanos())) {
            deadlines.watch(attempt);
        } else {
            attempt.expire();
        }
    }

    /** The time-out's clock stands still while this node is late: the target has its full time. */
    private boolean hasExtended(Attempt attempt, long now) {
        long late = ownLateness(attempt.begun(), now);
        return late >= attempt.timeout().toNanos() / LATE_FRACTION && attempt.extend(now - attempt.deadline() + late);
    }

    /** The keys of the probes assigned here. For tests and the worker's own account. */
    public List<ProbeKey> assigned() {
        CompletableFuture<List<ProbeKey>> keys = new CompletableFuture<>();
        send(() -> keys.complete(new ArrayList<>(probes.keySet())), true);
        return keys.join();
    }
}
