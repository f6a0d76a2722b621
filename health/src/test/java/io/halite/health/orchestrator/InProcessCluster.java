package io.halite.health.orchestrator;

import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.health.orchestrator.HealthChannel.Member;
import io.halite.health.orchestrator.HealthChannel.Receiver;
import io.halite.health.orchestrator.HealthChannel.Standing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Whole nodes in one process, with real probes; messages and leadership are the test's. */
final class InProcessCluster implements AutoCloseable {
    private final Map<String, Node> nodes = new ConcurrentSkipListMap<>();
    private volatile String leader = "";
    private volatile long term;

    /** One node. */
    final class Node implements HealthChannel {
        final String id;
        final ClusterHealth health;
        private volatile boolean cut;
        private final AtomicInteger breaking = new AtomicInteger();
        private volatile @Nullable Receiver receiver;

        Node(String id) {
            this.id = id;
            this.health = new ClusterHealth("name-" + id, Ticker.SYSTEM, InstantSource.system());
        }

        @Override
        public Standing standing() {
            if (breaking.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("a bug of the test's making");
            }
            List<Member> members = new ArrayList<>();
            nodes.keySet().forEach(member -> members.add(new Member(member, "name-" + member, false)));
            return new Standing(id, cut ? "" : leader, cut ? 0 : term, members);
        }

        @Override
        public void send(String to, byte[] message) {
            Node target = nodes.get(to);
            boolean connected = target != null && (target == this || (!cut && !target.cut));
            Receiver there = target == null ? null : target.receiver;
            if (connected && there != null) {
                there.received(id, message);
            }
        }

        @Override
        public void receive(Receiver next) {
            receiver = next;
        }

        /** Loses the network, but not the targets. */
        void cut() {
            cut = true;
        }

        /** So many of its next turns meet a bug. */
        void breakNext(int turns) {
            breaking.set(turns);
        }

        void heal() {
            cut = false;
        }
    }

    private final Map<String, Boolean> dead = new ConcurrentHashMap<>();

    Node add(String id, ConfigState state) {
        Node node = new Node(id);
        nodes.put(id, node);
        node.health.activate(state);
        node.health.connect(node);
        return node;
    }

    /** A process dies; its membership stays. */
    void kill(String id) {
        Node node = node(id);
        dead.put(id, true);
        node.cut = true;
        node.receiver = null;
        node.health.close();
    }

    /** Raft elects. */
    synchronized void elect(String id) {
        long next = term + 1;
        term = next;
        leader = id;
    }

    void depose() {
        leader = "";
    }

    Node node(String id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException(id);
        }
        return node;
    }

    List<Node> living() {
        return nodes.values().stream().filter(node -> !dead.containsKey(node.id)).toList();
    }

    @Override
    public void close() {
        nodes.values().forEach(node -> node.health.close());
    }
}
