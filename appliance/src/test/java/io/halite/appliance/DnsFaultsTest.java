package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.secret.SecretSealer;
import io.halite.config.Ticker;
import io.halite.config.membership.MemberRecord;
import io.halite.config.membership.MemberView;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.config.store.Leadership;
import io.halite.dns.policy.DnsNode;
import io.halite.health.HealthTable;
import io.halite.health.HealthView;
import io.halite.proxy.accesslog.LogDestination;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fault in what DNS is told of the cluster is told, and does not end the news for good. */
class DnsFaultsTest {
    private static final MemberView OTHER = new MemberView(
            new MemberRecord("n2", "lb-2", List.of(), "127.0.0.2", "", false, "1", 1, Instant.EPOCH), MemberView.Role.VOTER,
            true, Duration.ZERO, false, Optional.empty(), Optional.empty());

    @TempDir
    Path dir;

    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final ServingState serving = new ServingState(new NodeSettings.Ports(0, 0, 0), false);

    private NodeSettings settings() {
        InetAddress local = InetAddress.ofLiteral("127.0.0.1");
        return new NodeSettings(dir, "lb-1", local, local, new NodeSettings.Ports(0, 0, 0), NodeSettings.Place.ANYWHERE,
                new LogDestination.None(), null, null, false, false, NodeSettings.Engines.BEST);
    }

    @Test
    void theNodesAreSeenAgainAndWhoListensHearsOfIt() {
        AtomicInteger told = new AtomicInteger();
        try (ClusterNodes nodes = new ClusterNodes(settings(), serving);
                Subscription _ = nodes.watch(() -> {
                    if (told.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                })) {
            nodes.know(() -> {
                if (broken.get()) {
                    throw new IllegalStateException("no members");
                }
                return List.of(OTHER);
            });
            await().until(() -> nodes.trouble().orElse("").contains("no members"));
            broken.set(false);
            await().until(() -> nodes.trouble().isEmpty() && told.get() > 1);
            assertEquals(List.of("lb-1", "lb-2"), nodes.current().stream().map(DnsNode::name).toList());
        }
    }

    @Test
    void keysAndCookiesAreTakenAgain() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        try (LocalDns dns = new LocalDns(settings(), new Plain(), serving, new Unknown(), new NodeSecrets(), Ticker.SYSTEM,
                InstantSource.system())) {
            dns.share(store(rounds));
            await().until(() -> String.join("", dns.degraded()).contains("store is broken"));
            assertTrue(dns.degraded().getFirst().contains("DNS keeps to the signing keys"), dns.degraded().toString());
            broken.set(false);
            await().until(() -> dns.degraded().isEmpty() && rounds.get() > 0);
            dns.forgetStore();
        }
    }

    private ConfigStore store(AtomicInteger rounds) {
        return (ConfigStore) Proxy.newProxyInstance(ConfigStore.class.getClassLoader(), new Class<?>[] {ConfigStore.class},
                (proxy, method, arguments) -> {
                    if (broken.get()) {
                        throw new IllegalStateException("store is broken");
                    }
                    rounds.incrementAndGet();
                    return switch (method.getName()) {
                        case "leadership" -> new Leadership("", false, 0, 0);
                        case "system" -> Optional.empty();
                        case "systemRecords" -> new TreeMap<>();
                        default -> throw new AssertionError(method.getName());
                    };
                });
    }

    private record Plain() implements SecretSealer {
        @Override
        public String seal(String name, byte[] secret) {
            return "";
        }

        @Override
        public byte[] open(String name, String sealed) {
            throw new IllegalArgumentException("not sealed here");
        }
    }

    private record Unknown() implements HealthView {
        @Override
        public HealthTable current() {
            return HealthTable.EMPTY;
        }

        @Override
        public Subscription watch(java.util.function.Consumer<HealthTable> listener) {
            return () -> { };
        }
    }
}
