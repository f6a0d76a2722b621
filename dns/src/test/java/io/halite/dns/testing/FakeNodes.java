package io.halite.dns.testing;

import io.halite.config.store.ConfigStore.Subscription;
import io.halite.dns.NodeAddresses;
import io.halite.dns.policy.DnsNode;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cluster whose nodes die and drain as a test says. */
public final class FakeNodes implements NodeAddresses {
    private final Map<String, DnsNode> nodes = new LinkedHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean isFailing;

    /** Live nodes {@code lb-1}, {@code lb-2}… at these addresses; addresses joined by a comma belong to one node. */
    public static FakeNodes at(String... addresses) {
        FakeNodes fake = new FakeNodes();
        for (String each : addresses) {
            InetAddress[] own = Arrays.stream(each.split(",", -1)).map(InetAddress::ofLiteral)
                    .toArray(InetAddress[]::new);
            String name = "lb-" + (fake.nodes.size() + 1);
            fake.nodes.put(name, DnsNode.alive(name, own));
        }
        return fake;
    }

    /** Replaces or adds a node. */
    public synchronized void put(DnsNode node) {
        nodes.put(node.name(), node);
        listeners.forEach(Runnable::run);
    }

    /** Turns a node into another state. */
    public void turn(String name, DnsNode.State state) {
        DnsNode node;
        synchronized (this) {
            node = nodes.get(name);
        }
        put(node.in(state));
    }

    /** Whether asking for the nodes runs into a bug. */
    public void fail(boolean does) {
        isFailing = does;
        listeners.forEach(Runnable::run);
    }

    @Override
    public synchronized List<DnsNode> current() {
        if (isFailing) {
            throw new IllegalStateException("a bug of the test");
        }
        return List.copyOf(nodes.values());
    }

    @Override
    public Subscription watch(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
