package io.halite.appliance;

import io.halite.admin.AdminParts;
import io.halite.admin.AdminServer;
import io.halite.admin.AdminSettings;
import io.halite.admin.access.AccessTokens;
import io.halite.admin.node.ClusterView;
import io.halite.admin.node.NodeView.Failure;
import io.halite.admin.secret.AesSealer;
import io.halite.admin.secret.SecretVault;
import io.halite.appliance.metrics.NodeMetrics;
import io.halite.config.Ticker;
import io.halite.config.document.Addresses;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.Membership;
import io.halite.config.membership.MembershipGate;
import io.halite.config.membership.PeersFile;
import io.halite.config.peer.NodeCertificate;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerSettings;
import io.halite.config.raft.RaftConfigStore;
import io.halite.config.raft.RaftSettings;
import io.halite.config.store.ConfigState;
import io.halite.config.store.LastKnownGood;
import io.halite.health.orchestrator.ClusterHealth;
import io.halite.health.orchestrator.PeerHealthChannel;
import io.halite.proxy.DataPlane;
import io.halite.proxy.OpenListener;
import io.halite.proxy.relay.HandedSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One node: the composition root. Every part is built here by {@code new}, in the order in which a node comes up, and
 * closed in reverse. What a node's traffic needs is closed last, and apart: while another process takes over, it goes on
 * alone. The order is a product decision:
 *
 * <ol>
 * <li>the data directory, because a second process must be refused before it touches anything;
 * <li>health, data plane and DNS, working by the last known good config: traffic flows before Raft is up, or without it;
 * <li>the peer port and the store, whose newest config the activator takes up;
 * <li>the admin server last: whoever can ask the node finds it whole.
 * </ol>
 */
final class Appliance implements AutoCloseable {
    private static final Duration RETRY_FAILED = Duration.ofSeconds(5);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration MAX_SPREAD = Duration.ofSeconds(30);
    private static final Duration INHERITING = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final NodeSettings settings;
    private final Ticker ticker;
    private final InstantSource clock;
    /** Health, data plane and DNS; closed after everything else. */
    private final Closers traffic = new Closers();
    private final Closers closers = new Closers();
    private final NodeSecrets secrets = new NodeSecrets();
    private final ServingState serving;

    private final DataDirectory directory;
    private final LocalMember member;
    private final AesSealer sealer;
    private final ClusterHealth health;
    private final DataPlane dataPlane;
    private final LocalDns dns;
    private final ConfigActivator activator;
    private final PeerNetwork network;
    private final RaftConfigStore store;
    private final OwnFacts facts;
    private final Membership membership;
    private final Departure departure;
    private final AtomicReference<@Nullable AdminServer> admin = new AtomicReference<>();

    private Appliance(NodeSettings settings, Optional<InitialConfig> initial, Optional<List<HandedSocket>> inherited,
            Ticker ticker, InstantSource clock) throws DirectoryException, IOException, InterruptedException {
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.serving = new ServingState(settings.ports(), inherited.isPresent());
        List<HandedSocket> sockets = inherited.orElse(List.of());
        try {
            directory = closers.add(DataDirectory.open(settings.data()));
            Enrolment.Member enrolled = new Enrolment(settings, directory, clock).enrol(initial, ticker);
            member = enrolled.local();
            sealer = new AesSealer(DerivedKey.of(member.clusterKey(), "secrets"));
            health = traffic.add(new ClusterHealth(settings.name(), ticker, clock));
            dataPlane = traffic.add(new DataPlane(settings.dataPlane(),
                    DerivedKey.of(member.clusterKey(), "sticky cookies"), health.view(), health,
                    secrets::secret, ticker, clock));
            dataPlane.inherit(sockets);
            sockets = List.of();
            traffic.add(dataPlane::endInheritance);
            dns = traffic.add(new LocalDns(settings, sealer, serving, health.view(), secrets, ticker, clock));
            boolean witness = member.identity().witness();
            // A witness holds every config and works by none.
            activator = new ConfigActivator(witness ? List.of()
                    : List.of(this::activateHealth, this::activateDataPlane, this::activateDns), RETRY_FAILED);
            activator.start(LastKnownGood.read(settings.data()).orElse(ConfigState.EMPTY));
            closers.add(activator);
            serving.serve(true);

            MembershipGate gate = new MembershipGate(member);
            network = closers.add(openNetwork(enrolled.clusterPort(), gate));
            store = closers.add(RaftConfigStore.open(
                    member, network, enrolled.founding(), RaftSettings.DEFAULT, ticker));
            secrets.know(new SecretVault(store, sealer));
            closers.add(store.watchAll(content -> activator.offer(content.state())));
            facts = new OwnFacts(settings, network.port(), activator,
                    new OwnTroubles(member.identity(), store, activator, dns, health), serving,
                    new DrainWatch(dataPlane, ticker));
            membership = closers.add(Membership.start(new Membership.Parts(member, network, gate, store, store.group(),
                    store::awaitCaughtUp, facts, this::renewed, RaftConfigStore.FEATURE_LEVEL, clock, ticker)));
            activator.tell(membership::report);
            if (!witness) {
                closers.add(health.connect(new PeerHealthChannel(membership.links(), membership::name,
                        membership::isDraining)));
                dns.join(membership, store);
                closers.add(clientDismissal(ticker).watch());
            }
            departure = new Departure(settings, directory, member, store, clock, ticker);
            AccessTokens tokens = new AccessTokens(store, clock);
            new FirstSteps(settings, store, tokens, membership::found, clock).take(enrolled.founding());

            AdminServer server = closers.add(new AdminServer(new AdminSettings(settings.bind(), settings.ports().admin(),
                    settings.data().resolve("audit.log")), member.certificate().adminContext(), parts(tokens)));
            tellPorts(startAdmin(server));
            endInheritance();
        } catch (DirectoryException | IOException | InterruptedException | RuntimeException e) {
            close();
            sockets.forEach(HandedSocket::close);
            throw e;
        }
    }

    /**
     * Starts a node.
     *
     * @param initial what a new cluster begins with
     * @throws DirectoryException when the data directory cannot or must not be used
     * @throws IOException when a port cannot be had; the message names it and its option
     */
    static Appliance start(NodeSettings settings, Optional<InitialConfig> initial, Ticker ticker, InstantSource clock)
            throws DirectoryException, IOException, InterruptedException {
        return new Appliance(settings, initial, Optional.empty(), ticker, clock);
    }

    /** Starts a node that begins with the listening sockets of another process, which still serves. They are its own. */
    static Appliance following(List<HandedSocket> sockets, NodeSettings settings, Ticker ticker, InstantSource clock)
            throws DirectoryException, IOException, InterruptedException {
        return new Appliance(settings, Optional.empty(), Optional.of(sockets), ticker, clock);
    }

    /** Listeners of https open when the store has told the keys; what none has taken by then is closed. */
    private void endInheritance() throws InterruptedException {
        long end = ticker.nanos() + INHERITING.toNanos();
        while (dataPlane.isInheriting() && !activator.current().failures().isEmpty() && ticker.nanos() - end < 0) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        dataPlane.endInheritance();
    }

    private List<Failure> activateHealth(ConfigState state) {
        health.activate(state);
        return List.of();
    }

    private List<Failure> activateDataPlane(ConfigState state) throws InterruptedException {
        return dataPlane.activate(state).stream()
                .map(failure -> new Failure(failure.object(), failure.code(), failure.message())).toList();
    }

    private List<Failure> activateDns(ConfigState state) {
        List<Failure> failures = dns.activate(state);
        NodeSettings.Ports told = serving.ports();
        try {
            if (admin.get() != null && told.admin() != 0 && dns.port().orElse(told.dns()) != told.dns()) {
                tellPorts(told.admin());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return failures;
    }

    /** Says where the node listens; again when DNS opens with the first zone, by a port that is known only then. */
    private void tellPorts(int adminPort) throws IOException {
        synchronized (serving) {
            serving.open(new NodeSettings.Ports(adminPort, network.port(), dns.port().orElse(settings.ports().dns())));
            LocalFiles.writeLocal(settings.data(), url(), ca(), serving.ports());
        }
    }

    private ClientDismissal clientDismissal(Ticker ticker) {
        return new ClientDismissal(() -> membership.isDraining(member.identity().nodeId()),
                () -> ClientDismissal.answersLast(store.current().config()), dataPlane::dismiss, dataPlane::recall, ticker);
    }

    private PeerNetwork openNetwork(int port, MembershipGate gate) throws IOException {
        try {
            return PeerNetwork.open(PeerSettings.at(new InetSocketAddress(settings.bind(), port)),
                    member.identity().clusterId(), member.identity().generation(), member.certificate(),
                    PeersFile.read(directory, new PeerHint(settings)), gate, ticker);
        } catch (IOException e) {
            throw taken("cluster", port, "--cluster-port", e);
        }
    }

    private int startAdmin(AdminServer server) throws IOException {
        try {
            int port = server.start();
            admin.set(server);
            return port;
        } catch (IOException e) {
            throw taken("admin", settings.ports().admin(), "--admin-port", e);
        }
    }

    private IOException taken(String what, int port, String option, IOException cause) {
        return new IOException("the " + what + " port " + port + " on " + Addresses.text(settings.bind())
                + " cannot be had: " + cause.getMessage() + "; choose another with " + option, cause);
    }

    private AdminParts parts(AccessTokens tokens) {
        NodeMetrics metrics = closers.add(new NodeMetrics(
                new LocalFigures(store, health, dataPlane, dns, activator, membership)));
        LocalNode node = new LocalNode(facts, member.identity(), membership, dataPlane, metrics);
        ClusterView cluster = new ClusterMembers(member.identity(), membership, store, activator, health, ticker);
        metrics.add(cluster);
        return new AdminParts(store, health.view(), node, cluster, new MembershipActions(membership, departure),
                new LocalTargets(health, dataPlane, membership, facts, ticker, clock),
                new LocalTraffic(dataPlane), new LocalTracer(dataPlane, ticker, clock),
                new LocalDnsExplainer(dns.responder(), new KeyRolls(dns, new SecretVault(store, sealer), clock)),
                sealer, tokens, clock, ticker);
    }

    private void renewed(NodeCertificate certificate) {
        AdminServer server = admin.get();
        if (server != null) {
            server.reload(certificate.adminContext());
        }
    }

    /** Where the admin API is for commands on this machine. */
    String url() {
        return LocalNode.url(settings.bind(), serving.ports().admin());
    }

    /** The authority that clients trust. */
    Path ca() {
        return directory.authority();
    }

    int clusterPort() {
        return serving.ports().cluster();
    }

    List<OpenListener> listeners() {
        return dataPlane.listeners();
    }

    /** Whether it was let into another cluster, of which it is a member once it is started anew. */
    boolean isLeaving() {
        return departure.isDue();
    }

    /** Refuses what is new and lets what is under way end, for a while. */
    void drain() throws InterruptedException {
        serving.serve(false);
        membership.report();
        dataPlane.drain(DRAIN);
    }

    /**
     * Closes everything but what traffic needs, which goes on by the last config, so that another process may have the
     * data directory and the node's own ports.
     *
     * @return the listening sockets for it; none, and closed, where they cannot be handed over
     */
    List<HandedSocket> handOver() throws InterruptedException {
        dns.forgetStore();
        closers.close();
        List<HandedSocket> sockets = dataPlane.handOver();
        if (sockets.isEmpty()) {
            dataPlane.stopAccepting();
        }
        return sockets;
    }

    /** Another process serves: lets the connections that there are end, over the time that it gives them. */
    boolean leave(Duration deadline, BooleanSupplier enough) throws InterruptedException {
        dns.close();
        Duration spread = deadline.dividedBy(4);
        return dataPlane.drain(deadline, spread.compareTo(MAX_SPREAD) > 0 ? MAX_SPREAD : spread, enough);
    }

    @Override
    public void close() {
        closers.close();
        traffic.close();
    }
}
