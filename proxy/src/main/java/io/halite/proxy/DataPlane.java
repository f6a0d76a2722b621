package io.halite.proxy;

import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.health.HealthTable;
import io.halite.health.HealthView;
import io.halite.health.PassiveSignals;
import io.halite.proxy.accesslog.LineRing;
import io.halite.proxy.accesslog.LogLine;
import io.halite.proxy.accesslog.LogWriter;
import io.halite.proxy.accesslog.RelayLog;
import io.halite.proxy.balance.PoolMember;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.http.HttpLoop;
import io.halite.proxy.listen.BindProblem;
import io.halite.proxy.listen.ListenerSet;
import io.halite.proxy.listen.RelayLoop;
import io.halite.proxy.relay.HandedSocket;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.relay.LoopWatchdog;
import io.halite.proxy.relay.SocketBudget;
import io.halite.proxy.table.Compilation;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.table.ForwardingTableCompiler;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.table.LoopBalancers;
import io.halite.proxy.table.TargetNames;
import io.halite.proxy.tls.HandshakeCrew;
import io.halite.proxy.tls.KeySource;
import io.halite.proxy.tls.TicketKeys;
import io.halite.proxy.tls.TlsCompiler;
import io.halite.proxy.tls.TlsTable;
import io.halite.proxy.traffic.LoopTraffic;
import io.halite.proxy.traffic.Traffic;
import io.halite.proxy.traffic.TrafficReader;
import io.halite.proxy.upstream.LoopUpstreams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a node: relay loops, the listeners on them, and the one forwarding table that all requests read.
 *
 * <p>A config change and a health change come the same way: a new table is compiled and the reference swapped. Requests
 * under way keep the table they began with. A listener that cannot be opened is reported and leaves everything else
 * alone.
 */
public final class DataPlane implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(DataPlane.class.getName());
    private static final int SPARE_DESCRIPTORS = 256;
    /** An idle connection takes 2 KiB, one of HTTP/2 a few more; half of the heap is for what they bring. */
    private static final int HEAP_PER_SOCKET = 8 * 1024;
    private static final Duration STUCK = Duration.ofSeconds(1);
    private static final Duration SPREAD = Duration.ofSeconds(1);
    private static final long DRAIN_POLL_NANOS = 20_000_000;

    private final Ticker ticker;
    private final HealthView health;
    private final List<RelayLoop> loops = new ArrayList<>();
    private final List<LoopTraffic> traffic = new ArrayList<>();
    private final AtomicReference<ForwardingTable> tables = new AtomicReference<>(ForwardingTable.EMPTY);
    private final LogWriter log;
    private final TargetNames names;
    private final LoopWatchdog watchdog;
    private final HandshakeCrew crew;
    private final Subscription healthWatch;

    // Guarded by this.
    private final ForwardingTableCompiler compiler;
    private final TlsCompiler certificates;
    private final ListenerSet listeners;
    private ConfigState state = ConfigState.EMPTY;
    private boolean draining;

    /**
     * Starts the loops; nothing listens yet.
     *
     * @param stickyKey the cluster's key for sticky cookies: every node that has it understands the others' cookies
     * @param signals hears of every target that could not be connected to
     * @param keys opens the secrets with the keys of certificates
     * @throws IOException when the operating system refuses what a loop needs
     */
    public DataPlane(
            DataPlaneSettings settings, byte[] stickyKey, HealthView health, PassiveSignals signals,
            KeySource keys, Ticker ticker, InstantSource clock) throws IOException {
        this.ticker = ticker;
        this.health = health;
        log = LogWriter.start(settings.accessLog(), settings.loops());
        compiler = new ForwardingTableCompiler(settings.loops(), ticker, stickyKey.clone());
        certificates = new TlsCompiler(keys, settings.tls(), new TicketKeys(stickyKey, clock));
        crew = new HandshakeCrew(settings.loops());
        SocketBudget budget = new SocketBudget(sockets());
        for (int index = 0; index < settings.loops(); index++) {
            Loop loop = Loop.start(index, settings.engine(), budget, ticker);
            LoopTraffic counters = new LoopTraffic();
            LoopUpstreams upstreams = new LoopUpstreams(
                    loop, tables, new LoopBalancers(index, loop::now, clock, signals), counters, crew);
            loops.add(relayLoop(upstreams, log.ring(index), clock));
            traffic.add(counters);
        }
        listeners = new ListenerSet(settings.bind(), loops);
        names = new TargetNames(ticker);
        watchdog = new LoopWatchdog(loops.stream().map(RelayLoop::loop).toList(), STUCK,
                () -> log.look(ticker.nanos()));
        healthWatch = health.watch(this::healthChanged);
        LOGGER.log(System.Logger.Level.INFO, "data plane started loops=" + settings.loops() + " engine="
                + word(settings.engine().resolved()) + " tls=" + word(settings.tls().resolved()));
    }

    private static String word(Enum<?> engine) {
        return engine.name().toLowerCase(Locale.ROOT);
    }

    /** As many as there are descriptors, and as the heap can bear when nothing is under way. */
    private static int sockets() {
        long inHeap = Runtime.getRuntime().maxMemory() / HEAP_PER_SOCKET;
        return (int) Math.max(SPARE_DESCRIPTORS, Math.min(Descriptors.limit() - SPARE_DESCRIPTORS, inHeap));
    }

    private static RelayLoop relayLoop(LoopUpstreams upstreams, @Nullable LineRing ring, InstantSource clock) {
        Loop loop = upstreams.loop();
        if (ring == null) {
            return new RelayLoop(loop, upstreams, new HttpLoop(upstreams, clock, null), null);
        }
        LogLine line = new LogLine(ring, clock);
        RelayLog relays = new RelayLog(line, loop::exactNow);
        loop.atEnd(relays::close);
        return new RelayLoop(loop, upstreams, new HttpLoop(upstreams, clock, line), relays);
    }

    /** Puts a state to work: compiles it, swaps the table, opens and closes listeners. What failed is returned. */
    public synchronized List<ActivationFailure> activate(ConfigState next) throws InterruptedException {
        state = next;
        List<ActivationFailure> failures = new ArrayList<>();
        TlsTable tls = certificates.compile(next.config());
        tls.problems().forEach(
                problem -> failures.add(new ActivationFailure(problem.object(), problem.code(), problem.message())));
        Compilation compiled = compiler.compile(next, health.current(), tables.get(), tls);
        compiled.quarantined().forEach(
                out -> failures.add(new ActivationFailure(out.object(), out.code(), out.message())));
        swap(compiled.table());
        if (!draining) {
            SortedMap<String, BindProblem> problems = listeners.activate(compiled.table());
            problems.forEach((label, problem) -> failures.add(
                    new ActivationFailure(object(label), problem.code(), problem.message())));
        }
        return failures;
    }

    /** What is open. */
    public synchronized List<OpenListener> listeners() {
        List<OpenListener> open = new ArrayList<>();
        for (var entry : listeners.addresses().entrySet()) {
            ListenerTable table = tables.get().listeners().get(entry.getKey());
            if (table != null) {
                InetSocketAddress address = entry.getValue();
                open.add(new OpenListener(entry.getKey(), table.listener().protocol(), address));
            }
        }
        return open;
    }

    /** Requests and relayed connections under way at a target. */
    public int inFlight(TargetRef target) {
        PoolTable pool = tables.get().pools().get(target.pool());
        if (pool != null) {
            for (PoolMember member : pool.members()) {
                if (member.entry().ref().equals(target)) {
                    return member.entry().load().inFlight();
                }
            }
        }
        return 0;
    }

    /** The table in force. */
    public ForwardingTable table() {
        return tables.get();
    }

    /** Everything counted so far. */
    public Traffic traffic() {
        List<Traffic.LoopState> states = new ArrayList<>();
        for (RelayLoop one : loops) {
            Loop loop = one.loop();
            states.add(new Traffic.LoopState(loop.index(), loop.longestTurn(), loop.busyFor(), loop.failures(),
                    loop.acceptPauses(), loop.buffers().taken()));
        }
        return TrafficReader.sum(traffic, states, new Traffic.LogLines(log.written(), log.dropped()));
    }

    /** Has listeners that open begin with the sockets of a process that this one follows. */
    public synchronized void inherit(List<HandedSocket> sockets) {
        listeners.inherit(sockets);
    }

    /** Whether some of the sockets inherited were not taken by a listener yet. */
    public synchronized boolean isInheriting() {
        return listeners.isInheriting();
    }

    /** Closes the sockets inherited that no listener has taken. */
    public synchronized void endInheritance() {
        listeners.endInheritance();
    }

    /**
     * The listening sockets for a process that follows this one; none where they cannot be handed over. Both accept then,
     * until {@link #drain}. Nothing is to be activated any more.
     */
    public synchronized List<HandedSocket> handOver() throws InterruptedException {
        return listeners.handOver();
    }

    /**
     * Asks the clients that there are to leave, one by one over this time; whoever comes is served. Who is there when the
     * config's time for it is over is cut off.
     */
    public synchronized void dismiss(Duration spread) {
        listeners.dismiss(spread.toNanos());
    }

    /** Those who were dismissed and are there still may stay. */
    public synchronized void recall() {
        listeners.recall();
    }

    /** Stops accepting, and asks clients to leave. */
    public void stopAccepting() throws InterruptedException {
        stopAccepting(SPREAD);
    }

    private synchronized void stopAccepting(Duration spread) throws InterruptedException {
        draining = true;
        listeners.close(spread.toNanos());
    }

    /**
     * Stops accepting and lets what is under way end; the listeners stay closed.
     *
     * @return whether every connection ended in time
     */
    public boolean drain(Duration limit) throws InterruptedException {
        return drain(limit, SPREAD, () -> false);
    }

    /**
     * Stops accepting and lets what is under way end; the listeners stay closed.
     *
     * @param spread over which clients are asked to leave
     * @param enough asked again and again whether to wait no longer
     * @return whether every connection ended in time
     */
    public boolean drain(Duration limit, Duration spread, BooleanSupplier enough) throws InterruptedException {
        stopAccepting(spread);
        long end = ticker.nanos() + limit.toNanos();
        while (true) {
            synchronized (this) {
                if (listeners.connections() == 0) {
                    return true;
                }
            }
            if (enough.getAsBoolean() || ticker.nanos() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(DRAIN_POLL_NANOS);
        }
    }

    /** Ends every connection at once. */
    @Override
    public void close() {
        healthWatch.close();
        watchdog.close();
        names.close();
        loops.forEach(loop -> loop.loop().stop());
        crew.close();
        log.close();
    }

    private synchronized void healthChanged(HealthTable latest) {
        swap(compiler.compile(state, latest, tables.get()).table());
    }

    private void swap(ForwardingTable next) {
        tables.set(next);
        names.watch(next);
    }

    private static String object(String label) {
        int slash = label.indexOf('/');
        return "loadBalancers/" + label.substring(0, slash) + "/listeners/" + label.substring(slash + 1);
    }
}
