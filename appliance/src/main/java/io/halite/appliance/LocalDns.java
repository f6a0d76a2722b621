package io.halite.appliance;

import io.halite.admin.node.NodeView.Failure;
import io.halite.config.Ticker;
import io.halite.config.membership.Membership;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings;
import io.halite.dns.serve.ClusterCookies;
import io.halite.health.HealthView;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** This node's DNS responder with what it needs to know of the cluster. */
final class LocalDns implements AutoCloseable {
    private static final long SHARE_SECONDS = 30;
    /** A nameserver that did not join yet is no failure of this node. */
    private static final String AWAITED = "NAMESERVER_WITHOUT_ADDRESS";

    private final ClusterNodes nodes;
    private final DnsResponder responder;
    private final InstantSource clock;
    private final NodeSecrets secrets;
    private final CountDownLatch closed = new CountDownLatch(1);

    LocalDns(NodeSettings settings, ServingState serving, HealthView health, NodeSecrets secrets, Ticker ticker,
            InstantSource clock) {
        this.secrets = secrets;
        this.clock = clock;
        nodes = new ClusterNodes(settings, serving);
        responder = new DnsResponder(DnsSettings.of(settings.bind(), settings.ports().dns()), health, nodes,
                this::secret, ticker, clock);
    }

    /** Answers from this config on; says what it had to leave out. */
    List<Failure> activate(ConfigState state) {
        return responder.activate(state).stream().filter(left -> !left.code().equals(AWAITED))
                .map(left -> new Failure(left.object(), left.code(), left.message())).toList();
    }

    /** The cluster is known: its nodes are answered, its cookie secrets shared. */
    void join(Membership membership, ConfigStore store) {
        nodes.know(membership);
        ClusterCookies cookies = new ClusterCookies(store, clock);
        Thread.ofVirtual().name("dns-cookies").start(() -> share(cookies));
    }

    private Optional<String> secret(String name) {
        return secrets.secret(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private void share(ClusterCookies cookies) {
        try {
            do {
                cookies.current().ifPresent(responder::share);
            } while (!closed.await(SHARE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The open port; empty while there is no zone or it cannot be had. */
    Optional<Integer> port() {
        return responder.address().map(InetSocketAddress::getPort);
    }

    /** The degraded mode of the responder, one sentence. */
    Optional<String> degraded() {
        return responder.degraded();
    }

    DnsResponder responder() {
        return responder;
    }

    @Override
    public void close() {
        closed.countDown();
        nodes.close();
        responder.close();
    }
}
