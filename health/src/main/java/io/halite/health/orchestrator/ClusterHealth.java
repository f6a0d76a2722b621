package io.halite.health.orchestrator;

import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.health.HealthView;
import io.halite.health.PassiveSignals;
import io.halite.health.ProbeAssignments;
import io.halite.health.ProbeCount;
import io.halite.health.ProbeOutcome;
import io.halite.health.Steadfast;
import io.halite.health.Transition;
import io.halite.health.probe.HealthBoard;
import io.halite.health.probe.ProbeEngine;
import io.halite.health.probe.ProbeKey;
import io.halite.health.probe.ProbePlan;
import io.halite.health.probe.ProbeStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Health checking by a cluster: its leader divides the probes, every node works and acts on the same verdicts.
 *
 * <p>One platform thread owns the pure parts ({@link Worker}, {@link Leader}, through {@link ClusterNode}); everybody
 * else sends it messages. The {@link ProbeEngine} probes and the {@link HealthBoard} publishes, each on threads of its
 * own.
 *
 * <p>From its start until a leader first assigns it something, and whenever no leader has been heard of for
 * {@link Timing#ALONE_AFTER}, the node probes everything itself, for its own traffic.
 */
public final class ClusterHealth implements PassiveSignals, AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ClusterHealth.class.getName());
    private static final long IDLE_TICK = 100_000_000;
    private static final long LONE_TICK = 250_000_000;
    private static final long BUSY_TICK = 5_000_000;
    /** For the way to another node and back, on top of the probe's own time-out. */
    private static final Duration ANSWER_GRACE = Duration.ofSeconds(3);
    private static final long SUSPECT_SPACING = Duration.ofMillis(200).toNanos();

    // immutable
    private final Ticker ticker;
    private final HealthBoard board;
    private final ProbeEngine engine;
    private final ClusterNode node;
    private final Thread owner;
    private final Steadfast steadfast = new Steadfast("health-orchestrator");

    // any thread
    private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final Map<TargetRef, Long> suspectedAt = new ConcurrentHashMap<>();
    private volatile ProbeAssignments assignments = new ProbeAssignments(0, 0, List.of());
    private volatile boolean alone;
    private volatile boolean closed;

    /**
     * Starts with nothing to probe and nobody to talk to.
     *
     * @param name of this node, shown as the prober
     */
    public ClusterHealth(String name, Ticker ticker, InstantSource wall) {
        this.ticker = ticker;
        this.board = new HealthBoard(ticker, wall);
        this.engine = new ProbeEngine(name, ticker, wall, (key, status) -> send(() -> found(key, status)));
        this.node = new ClusterNode(name, ticker, wall, board, engine, this::send);
        this.owner = Thread.ofPlatform().daemon().name("health-orchestrator").start(this::run);
    }

    private void found(ProbeKey key, ProbeStatus status) {
        node.found(key, status);
    }

    /** Begins to talk to the other nodes, until the subscription is closed; once. */
    public Subscription connect(HealthChannel channel) {
        channel.receive((from, bytes) -> MessageCodec.decode(bytes).ifPresentOrElse(
                message -> send(() -> node.receive(from, message)),
                () -> LOGGER.log(System.Logger.Level.DEBUG, "health message not understood from=" + from)));
        send(() -> node.connect(channel));
        return () -> send(() -> node.connect(null));
    }

    /** Works by this state from now on. Probes that stay as they are keep their history, owner and turn. */
    public void activate(ConfigState state) {
        ProbePlan plan = ProbePlan.of(state);
        board.plan(plan);
        suspectedAt.keySet().retainAll(plan.targets().keySet());
        send(() -> node.plan(plan));
    }

    /** The health that holds in the cluster, or what this node found itself while it is alone. */
    public HealthView view() {
        return board.view();
    }

    /** The last changes of a target's health, oldest first, 100 at most; fewer are kept when very many targets flap. */
    public List<Transition> transitions(TargetRef target) {
        return board.transitions(target);
    }

    /**
     * Probes a target now and waits; empty when there is no such target or its pool has no check. The node that owns the
     * check probes, because what it sees is what counts; if there is none, or it does not answer, this one does. The
     * outcome names the node.
     */
    public Optional<ProbeOutcome> checkNow(TargetRef target) {
        ProbeKey key = key(target);
        if (key == null) {
            return Optional.empty();
        }
        CompletableFuture<ProbeOutcome> outcome = new CompletableFuture<>();
        send(() -> node.check(key, outcome));
        try {
            return Optional.of(outcome.get(
                    key.check().timeout().plus(ANSWER_GRACE).toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException noAnswer) {
            return engine.probeNow(key);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void suspect(TargetRef target) {
        long now = ticker.nanos();
        Long last = suspectedAt.get(target);
        if (last != null && now - last < SUSPECT_SPACING) {
            return;
        }
        ProbePlan.Entry entry = board.plan().targets().get(target);
        if (entry != null && entry.isProbed()) {
            suspectedAt.put(target, now);
            send(() -> node.suspect(entry.key()));
        }
    }

    private @Nullable ProbeKey key(TargetRef target) {
        ProbePlan.Entry entry = board.plan().targets().get(target);
        return entry == null ? null : entry.key();
    }

    /** Probes that ended on this node, by kind and verdict since start. */
    public List<ProbeCount> counters() {
        return engine.counters();
    }

    /** Who probes what. */
    public ProbeAssignments assignments() {
        return assignments;
    }

    /** Whether this node probes everything itself, because no leader says that every probe has an owner: degraded. */
    public boolean isAlone() {
        return alone;
    }

    /** Steps of this part's threads that failed since start and were passed over: bugs, each logged once. */
    public long failedSteps() {
        return steadfast.failed() + engine.failedSteps() + board.failedSteps();
    }

    private void send(Runnable message) {
        mailbox.add(message);
        LockSupport.unpark(owner);
    }

    private void run() {
        while (!closed) {
            for (Runnable message = mailbox.poll(); message != null; message = mailbox.poll()) {
                steadfast.run(message);
            }
            steadfast.run(node::step);
            steadfast.run(this::publishStanding);
            if (mailbox.isEmpty()) {
                LockSupport.parkNanos(this, node.isWaiting() ? BUSY_TICK : node.leadsNobody() ? LONE_TICK : IDLE_TICK);
            }
        }
    }

    private void publishStanding() {
        assignments = node.assignments(assignments);
        boolean next = node.isForsaken() || node.isCovering();
        if (next != alone) {
            alone = next;
            LOGGER.log(next ? System.Logger.Level.WARNING : System.Logger.Level.INFO, next
                    ? "nobody says that every probe has an owner: this node probes everything itself"
                    : "every probe has an owner again");
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(owner);
        engine.close();
        board.close();
    }
}
