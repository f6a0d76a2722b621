package io.halite.appliance;

import io.halite.admin.node.NodeView.Failure;
import io.halite.admin.secret.SecretSealer;
import io.halite.admin.secret.SecretVault;
import io.halite.config.Ticker;
import io.halite.config.membership.Membership;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings;
import io.halite.dns.serve.ClusterCookies;
import io.halite.dns.sign.ClusterKeys;
import io.halite.dns.sign.ZoneKeys;
import io.halite.health.HealthView;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** This node's DNS responder with what it needs to know of the cluster. */
final class LocalDns implements AutoCloseable {
    private static final long SHARE_MILLIS = TimeUnit.SECONDS.toMillis(30);
    /** While a zone waits for the leader to make its key. */
    private static final long HURRY_MILLIS = 100;
    private static final long RETRY_MILLIS = TimeUnit.SECONDS.toMillis(1);
    /** A nameserver that did not join yet is no failure of this node. */
    private static final String AWAITED = "NAMESERVER_WITHOUT_ADDRESS";
    /** Before the store is open every key of a transfer is missing. */
    private static final String KEYLESS = "TRANSFER_KEY_INVALID";

    private final ClusterNodes nodes;
    private final DnsResponder responder;
    private final InstantSource clock;
    private final KeyFile keyFile;
    private final SecretSealer sealer;
    private final NodeSecrets secrets;
    private volatile Set<String> signedZones = Set.of();
    private final Semaphore news = new Semaphore(0);
    private volatile List<String> forgotten = List.of();
    private final EnduringTask taking = new EnduringTask("dns share of the cluster",
            "DNS keeps to the signing keys and cookie secrets that it has, whatever becomes of them in the cluster");
    private volatile boolean closed;
    private volatile Thread sharing = Thread.ofVirtual().unstarted(() -> { });

    LocalDns(
            NodeSettings settings, SecretSealer sealer, ServingState serving, HealthView health, NodeSecrets secrets,
            Ticker ticker, InstantSource clock) {
        this.clock = clock;
        this.secrets = secrets;
        this.sealer = sealer;
        keyFile = new KeyFile(settings.data(), sealer);
        nodes = new ClusterNodes(settings, serving);
        NodeSettings.Responder own = settings.place().responder();
        DnsSettings port = DnsSettings.of(settings.bind(), settings.ports().dns()).sharing(serving.isFollowing())
                .withLimit(own.perSecond(), DnsSettings.DEFAULT_SLIP, own.exempt()).withFrames(own.frames());
        responder = new DnsResponder(port, health, nodes, this::secret, ticker, clock);
        responder.sign(remembered());
    }

    /** The keys of the last run; whether others were made since, the store will tell. */
    private ZoneKeys remembered() {
        SortedMap<String, String> kept = keyFile.read();
        ZoneKeys known = ClusterKeys.keys(kept);
        return zone -> kept.containsKey(zone) ? known.of(zone)
                : new ZoneKeys.ZoneKey.Unknown("the signing keys of the cluster are not known yet");
    }

    /** Answers from this config on; says what it had to leave out. */
    List<Failure> activate(ConfigState state) {
        signedZones = state.config().zones().entrySet().stream().filter(zone -> zone.getValue().dnssec())
                .map(zone -> zone.getKey().toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        news.release();
        boolean secretsAreKnown = secrets.areKnown();
        return responder.activate(state).stream().filter(left -> !left.code().equals(AWAITED))
                .filter(left -> secretsAreKnown || !left.code().equals(KEYLESS))
                .map(left -> new Failure(left.object(), left.code(), left.message())).toList();
    }

    /** The cluster is known: its nodes are answered, its cookie secrets and signing keys shared. */
    void join(Membership membership, ConfigStore store) {
        nodes.know(membership::members);
        share(store);
    }

    /** The cookie secrets and signing keys of this store are taken as they come. */
    void share(ConfigStore store) {
        Shared shared = new Shared(store);
        sharing = Thread.ofVirtual().name("dns-shared").start(() -> take(shared));
    }

    /** A secret of ours has changed: what others find out within half a minute, this node does at once. */
    void hurry() {
        news.release();
    }

    private Optional<String> secret(String name) {
        return secrets.secret(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private void take(Shared shared) {
        try {
            while (!closed) {
                boolean isTaken = taking.survives(shared::take);
                long pause = !isTaken ? RETRY_MILLIS : shared.isWaiting() ? HURRY_MILLIS : SHARE_MILLIS;
                if (news.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the nodes of the cluster share; owned by one thread. */
    private final class Shared {
        private final ClusterCookies cookies;
        private final KeyVault vault;
        private final ClusterKeys keys;
        private @Nullable SortedMap<String, String> taken;
        private boolean waiting;

        Shared(ConfigStore store) {
            cookies = new ClusterCookies(store, clock);
            vault = new KeyVault(store, new SecretVault(store, sealer), clock);
            keys = new ClusterKeys(vault, clock);
        }

        void take() {
            cookies.current().ifPresent(responder::share);
            Set<String> wanted = signedZones;
            SortedMap<String, String> texts = keys.texts(wanted);
            if (!texts.equals(taken)) {
                keyFile.write(texts);
                responder.sign(ClusterKeys.keys(texts));
                taken = texts;
            }
            forgotten = vault.isLeading() ? ClusterKeys.forgotten(texts, clock.instant()) : List.of();
            waiting = !texts.keySet().containsAll(wanted);
        }

        /** Whether a zone has no key yet. */
        boolean isWaiting() {
            return waiting;
        }
    }

    /** The open port; empty while there is no zone or it cannot be had. */
    Optional<Integer> port() {
        return responder.address().map(InetSocketAddress::getPort);
    }

    /** The degraded modes of the responder and of what it is told, one sentence each. */
    List<String> degraded() {
        return Stream.of(responder.degraded(), nodes.trouble(), taking.trouble()).flatMap(Optional::stream).toList();
    }

    /** Key roll-overs that nobody finished, a sentence each; told by the leader alone. */
    List<String> forgottenRolls() {
        return forgotten;
    }

    DnsResponder responder() {
        return responder;
    }

    /** The store is about to close: answers go on by what is known. */
    void forgetStore() throws InterruptedException {
        closed = true;
        news.release();
        sharing.join();
    }

    @Override
    public void close() {
        closed = true;
        news.release();
        nodes.close();
        responder.close();
    }
}
