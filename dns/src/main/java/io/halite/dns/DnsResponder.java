package io.halite.dns;

import io.halite.config.Ticker;
import io.halite.config.document.Addresses;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.dns.policy.Quarantined;
import io.halite.dns.policy.ZonePlanner;
import io.halite.dns.policy.ZonePlanner.Plans;
import io.halite.dns.render.ZoneContent;
import io.halite.dns.render.ZoneTableCompiler;
import io.halite.dns.render.ZoneTableCompiler.Compiled;
import io.halite.dns.serve.CookieSecrets;
import io.halite.dns.serve.QueryCounters;
import io.halite.dns.serve.QuerySamples;
import io.halite.dns.serve.RefusalLimit;
import io.halite.dns.serve.Serving;
import io.halite.dns.sign.ZoneKeys;
import io.halite.dns.slow.AliasLookup;
import io.halite.dns.slow.AliasResolver;
import io.halite.dns.slow.NotifySender;
import io.halite.dns.slow.TransferPath;
import io.halite.dns.slow.TransferZone;
import io.halite.dns.slow.TransferZones;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.wire.NameHash;
import io.halite.health.HealthView;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The authoritative DNS responder of a node. It compiles zones, nodes, health and admin states to one immutable
 * {@link ZoneTable} and swaps the reference; queries never look at anything else.
 *
 * <p><b>Compiling.</b> {@link #activate} compiles on the caller's thread; changes of health or nodes, hold-downs that
 * end and a port to be tried again wake one thread of our own, which compiles at most ten times a second.
 *
 * <p><b>The port.</b> Opens when the first zone exists, after a warm-up, and closes with the last. A port that cannot be
 * had is a degraded mode ({@link #degraded}) with the name of its owner, and tried again until it can.
 */
public final class DnsResponder implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(DnsResponder.class.getName());
    private static final long COMPILE_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
    /** How often geo databases are looked at for a newer file. */
    private static final long DATABASE_CHECK = TimeUnit.MINUTES.toNanos(1);
    private static final long RETRY = TimeUnit.SECONDS.toNanos(5);
    /** A zone with more to sign waits for the next table, so that others, and news of health, do not wait for it. */
    private static final long SIGNING_SLICE = TimeUnit.MILLISECONDS.toNanos(100);

    private final DnsSettings settings;
    private final HealthView health;
    private final NodeAddresses nodes;
    private final Ticker ticker;
    private final InstantSource clock;
    private final DnsSecrets secrets;
    private final TransferPath slowPath;
    private final AliasResolver aliases;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final ChangeSignal signal;
    // Guarded by the lock.
    private final ZonePlanner planner = new ZonePlanner();
    private final ZoneTableCompiler compiler;
    private volatile ZoneKeys keys = ZoneKeys.NONE;
    private final NotifySender notify;
    private ConfigState state = ConfigState.EMPTY;
    private boolean closed;

    // Written under the lock, read by anybody: a table may take long to compile.
    private final CopyOnWriteArrayList<QueryCounters> counters = new CopyOnWriteArrayList<>();
    private volatile @Nullable OpenPort port;
    private volatile Published published;

    private volatile Serving serving;
    private volatile List<TransferZone> transfers = List.of();
    private volatile String degraded = "";
    private volatile String stale = "";
    private final QueryLog log;
    private final List<Subscription> subscriptions = new ArrayList<>();

    /**
     * The last table and what it was made from.
     *
     * @param counters index of each zone's counters
     */
    private record Published(
            ZoneTable table, SortedMap<String, ZoneContent> zones, List<Quarantined> quarantined,
            Map<String, Integer> counters, long compileNanos) {}

    /** A responder without zones. */
    public DnsResponder(
            DnsSettings settings, HealthView health, NodeAddresses nodes, DnsSecrets secrets, Ticker ticker,
            InstantSource clock) {
        this.settings = settings;
        this.secrets = secrets;
        this.health = health;
        this.nodes = nodes;
        this.ticker = ticker;
        this.clock = clock;
        signal = new ChangeSignal(ticker);
        notify = new NotifySender(settings.bind());
        SecureRandom random = new SecureRandom();
        NameHash hash = new NameHash(random.nextLong(), random.nextLong());
        compiler = new ZoneTableCompiler(hash, zone -> keys.of(zone), clock);
        ZoneTable empty = ZoneTable.empty(hash);
        published = new Published(empty, Collections.emptySortedMap(), List.of(), Map.of(), 0);
        serving = new Serving(empty, CookieSecrets.random());
        aliases = new AliasResolver(AliasLookup.bySystem(), ticker, signal::raise);
        slowPath = new TransferPath(() -> transfers, () -> serving,
                OpenPort.fastPath(settings, 0, serving, ticker, clock),
                new RefusalLimit(OpenPort.answering(settings, settings.responsesPerSecond(), ticker, clock)),
                ticker);
        log = new QueryLog(this::samples, ticker);
        subscriptions.add(health.watch(table -> signal.raise()));
        subscriptions.add(nodes.watch(signal::raise));
        Thread.ofVirtual().name("dns-compile").start(this::compileOnChange);
    }

    /**
     * Puts a config to work; when it returns, queries are answered from it. Where there is much to sign, that takes several
     * tables.
     *
     * @return what was left out, and why
     */
    public List<Quarantined> activate(ConfigState next) {
        boolean isWhole;
        do {
            lock.lock();
            try {
                state = next;
                isWhole = compile();
            } finally {
                lock.unlock();
            }
        } while (!isWhole);
        return published.quarantined();
    }

    /** What of the active config is left out, and why. */
    public List<Quarantined> quarantined() {
        return published.quarantined();
    }

    /** Where queries are answered; empty while there is no zone or the port cannot be had. */
    public Optional<InetSocketAddress> address() {
        return Optional.ofNullable(port).map(open -> new InetSocketAddress(settings.bind(), open.port()));
    }

    /** Which calls serve UDP, {@code native} or {@code channel}; empty while the port is closed. */
    public String engine() {
        OpenPort open = port;
        return open == null ? "" : open.engine();
    }

    /** The degraded mode this responder is in, one sentence with the way out; empty when all is well. */
    public Optional<String> degraded() {
        OpenPort open = port;
        String frames = open == null ? "" : open.problem().orElse("");
        return Stream.of(degraded, stale, frames).filter(sentence -> !sentence.isEmpty()).findFirst();
    }

    /** The revision that queries are answered from. */
    public long revision() {
        return serving.table().revision();
    }

    /** Shares the cookie secrets of the cluster. */
    public void share(CookieSecrets secrets) {
        lock.lock();
        try {
            serving = new Serving(serving.table(), secrets);
        } finally {
            lock.unlock();
        }
    }

    /** Signs zones by these keys from now on. */
    public void sign(ZoneKeys by) {
        keys = by;
        signal.raise();
    }

    /**
     * Why a name is answered as it is.
     *
     * @param from the client; null for this node
     * @throws IllegalArgumentException when name or type are none
     */
    public DnsExplanation explain(String name, String type, @Nullable InetAddress from) {
        Published known = published;
        Serving now = new Serving(known.table(), serving.secrets());
        return new Explainer(OpenPort.fastPath(settings, 0, now, ticker, clock), now, known.zones())
                .explain(name, type, from);
    }

    /** What the zone above must hold of a zone; empty when no such zone is served. */
    public Optional<Delegation> delegation(String zone) {
        return content(zone).map(content -> Delegations.of(content).told());
    }

    /**
     * What servers of the zone above say of a zone; empty when no such zone is served.
     *
     * @param servers to be asked; none to find them through this machine's resolver
     * @throws IOException when they cannot be found; the message is one sentence
     */
    public Optional<List<Delegation.Verdict>> checkDelegation(String zone, List<InetSocketAddress> servers)
            throws IOException {
        Optional<ZoneContent> content = content(zone);
        return content.isEmpty() ? Optional.empty() : Optional.of(Delegations.of(content.get()).check(servers));
    }

    /**
     * Whether the zone above names the signing key of a zone alone; empty when no such zone is served.
     *
     * @param servers as {@link #checkDelegation} has them
     * @throws IOException as {@link #checkDelegation} does
     */
    public Optional<Delegation.KeyChange> checkKeyChange(String zone, List<InetSocketAddress> servers)
            throws IOException {
        Optional<ZoneContent> content = content(zone);
        return content.isEmpty() ? Optional.empty() : Optional.of(Delegations.of(content.get()).keyChange(servers));
    }

    /**
     * Whether the zone above still names the key that signed before; empty when no such zone is served.
     *
     * @param servers as {@link #checkDelegation} has them
     * @throws IOException as {@link #checkDelegation} does
     */
    public Optional<List<Delegation.Verdict>> checkKeyReturn(String zone, List<InetSocketAddress> servers)
            throws IOException {
        Optional<ZoneContent> content = content(zone);
        return content.isEmpty() ? Optional.empty() : Optional.of(Delegations.of(content.get()).keyReturn(servers));
    }

    private Optional<ZoneContent> content(String zone) {
        String lower = zone.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(
                published.zones().get(lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower));
    }

    /** Everything counted so far. */
    public DnsTraffic traffic() {
        OpenPort open = port;
        Published now = published;
        List<String> panics = now.zones().values().stream().flatMap(zone -> zone.panics().stream()).toList();
        DnsTraffic.Server server = new DnsTraffic.Server(serving.table().revision(), now.compileNanos(), panics,
                log.written(), log.skipped(), open == null ? 0 : open.dropped());
        if (open != null) {
            counters.addAllAbsent(open.counters());
        }
        return new TrafficSum(counters).of(now.counters(), open == null ? 0 : open.streams(), server);
    }

    private List<QuerySamples> samples() {
        OpenPort open = port;
        return open == null ? List.of() : open.samples();
    }

    private void compileOnChange() {
        try {
            while (signal.await()) {
                if (compileAgain()) {
                    signal.pause(COMPILE_INTERVAL);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when there is more to be done at once. A fault of ours does not end the news for good. */
    private boolean compileAgain() {
        lock.lock();
        try {
            return compile();
        } catch (RuntimeException e) {
            if (stale.isEmpty()) {
                LOGGER.log(Level.ERROR, "dns table not compiled", e);
            }
            stale = "DNS answers by what was known before: no table can be made of the news (" + e + "); this is a bug,"
                    + " and the log has more";
            signal.settle(RETRY);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. False when zones wait for signatures, and compiling again brings them nearer. */
    private boolean compile() {
        if (closed) {
            return true;
        }
        long now = ticker.nanos();
        aliases.keep(ZonePlanner.aliasTargets(state));
        Plans plans = planner.plan(state, nodes.current(), health.current(), aliases, now);
        Compiled compiled = compiler.compile(state.revision(), plans.zones(),
                () -> ticker.nanos() - now < SIGNING_SLICE);
        List<Quarantined> wrong = new ArrayList<>(plans.quarantined());
        wrong.addAll(compiled.quarantined());
        List<TransferZone> copies = TransferZones.of(plans.zones(), compiled.zones(), secrets::secret, wrong);
        published = new Published(compiled.table(), compiled.zones(), List.copyOf(wrong), compiler.counters(),
                ticker.nanos() - now);
        log.sample(compiled.table().zones().stream().anyMatch(zone -> zone.logEvery() > 0));
        serving = new Serving(compiled.table(), serving.secrets());
        slowPath.begin();
        transfers = copies;
        stale = "";
        long next = Math.min(Math.min(plans.nextChange(), compiled.nextChange()),
                readsDatabases(plans) ? DATABASE_CHECK : Long.MAX_VALUE);
        if (openOrClose()) {
            // Now they find the port open when they come for a copy.
            notify.tell(copies);
        } else {
            next = Math.min(next, RETRY);
        }
        signal.settle(next);
        return compiled.isWhole();
    }

    private static boolean readsDatabases(Plans plans) {
        return plans.zones().stream().flatMap(plan -> plan.zone().geoMaps().values().stream())
                .anyMatch(map -> map.database() != null);
    }

    /** Under the lock. Brings the port into the state it should be in; false to try again. */
    private boolean openOrClose() {
        boolean wanted = !serving.table().zones().isEmpty();
        if (!wanted) {
            closePort();
            leaveDegraded();
            return true;
        }
        if (port != null) {
            return true;
        }
        try {
            WarmUp.run(OpenPort.fastPath(settings, 0, serving, ticker, clock), serving, published.zones().values(),
                    settings.warmUp());
            OpenPort opened = OpenPort.open(settings, () -> serving, slowPath, ticker, clock);
            port = opened;
            LOGGER.log(Level.INFO, "dns port open address={0} port={1} engine={2} workers={3}",
                    Addresses.text(settings.bind()), Integer.toString(opened.port()), opened.engine(),
                    settings.workers());
            leaveDegraded();
            return true;
        } catch (IOException e) {
            enterDegraded(e);
            return false;
        }
    }

    private void enterDegraded(IOException cause) {
        InetSocketAddress wanted = new InetSocketAddress(settings.bind(), settings.port());
        String where = Addresses.text(wanted);
        boolean forbidden = String.valueOf(cause.getMessage()).contains("Permission denied");
        String reason = forbidden
                ? "DNS cannot open " + where + ": this user may not use ports below 1024; grant CAP_NET_BIND_SERVICE"
                        + " or choose another --dns-port"
                : PortOwner.of(wanted).map(owner -> taken(where, owner))
                        .orElse("DNS cannot open " + where + ": " + cause.getMessage()
                                + "; free the port or choose another --dns-port or --bind");
        if (!reason.equals(degraded)) {
            LOGGER.log(Level.WARNING, "dns port not open reason=\"{0}\"", reason);
            degraded = reason;
        }
    }

    private static String taken(String where, String owner) {
        String wayOut = owner.startsWith("systemd-resolve")
                ? "set DNSStubListener=no in /etc/systemd/resolved.conf and restart it, or --bind one address"
                : "stop it, or choose another --dns-port or --bind";
        return "DNS cannot open " + where + ": " + owner + " has it; " + wayOut;
    }

    private void leaveDegraded() {
        if (!degraded.isEmpty()) {
            LOGGER.log(Level.INFO, "dns port no longer missing");
            degraded = "";
        }
    }

    private void closePort() {
        OpenPort open = port;
        if (open != null) {
            open.close();
            log.writeAll();
            counters.addAllAbsent(open.counters());
            port = null;
            LOGGER.log(Level.INFO, "dns port closed");
        }
    }

    /** Stops answering. */
    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
        signal.close();
        aliases.close();
        lock.lock();
        try {
            closed = true;
            notify.close();
            closePort();
        } finally {
            lock.unlock();
        }
        log.close();
    }
}
