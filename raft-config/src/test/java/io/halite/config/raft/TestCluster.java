package io.halite.config.raft;

import io.halite.config.HostPort;
import io.halite.config.Revision;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.NodeStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Several nodes in this JVM, joined by tokens as real ones are, with real files, sockets and TLS. */
final class TestCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path root;
    private final List<ClusterNode> nodes = new ArrayList<>();
    private int made;

    private TestCluster(Path root) {
        this.root = root;
    }

    /** A cluster of this many nodes, all of which have caught up. */
    static TestCluster of(int size, Path root) throws DirectoryException, IOException {
        TestCluster cluster = new TestCluster(root);
        try {
            cluster.nodes.add(ClusterNode.found(cluster.nextDirectory(), cluster.name()));
            for (int i = 1; i < size; i++) {
                cluster.add();
            }
            return cluster;
        } catch (DirectoryException | IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20));
    }

    private Path nextDirectory() {
        made++;
        return root.resolve("node-" + made);
    }

    private String name() {
        return "lb-" + made;
    }

    /** Joins one more node by any member, and waits until it takes part. */
    ClusterNode add() throws DirectoryException, IOException {
        return add(false);
    }

    /** Joins a node that only votes. */
    ClusterNode addWitness() throws DirectoryException, IOException {
        return add(true);
    }

    /** Joins one more node by any member. */
    ClusterNode join(boolean witness) throws DirectoryException, IOException {
        ClusterNode peer = nodes.getLast();
        Path directory = nextDirectory();
        ClusterNode node = ClusterNode.join(directory, name(), peer.token(), peer, witness);
        nodes.add(node);
        return node;
    }

    private ClusterNode add(boolean witness) throws DirectoryException, IOException {
        ClusterNode node = join(witness);
        await().until(() -> node.store.group().roll().voters().contains(node.id())
                || node.store.group().roll().learners().contains(node.id()));
        return node;
    }

    ClusterNode node(int number) {
        return nodes.get(number - 1);
    }

    List<ClusterNode> nodes() {
        return nodes;
    }

    ClusterNode leader() {
        return await().until(() -> nodes.stream().filter(node -> node.isOpen() && node.store.leadership().leading())
                .findFirst(), found -> found.isPresent()).orElseThrow();
    }

    ClusterNode follower() {
        ClusterNode leader = leader();
        return nodes.stream().filter(node -> node.isOpen() && node != leader).findFirst().orElseThrow();
    }

    void awaitVoters(int count) {
        await().until(() -> nodes.stream().filter(ClusterNode::isOpen)
                .allMatch(node -> node.store.group().roll().voters().size() == count));
    }

    void awaitRevision(long revision) {
        await().until(() -> nodes.stream().filter(ClusterNode::isOpen)
                .allMatch(node -> node.store.current().revision().equals(new Revision(revision))));
    }

    @Override
    public void close() {
        nodes.forEach(ClusterNode::close);
    }

    /** What a node of a test says of itself: it has put to work what it has applied. */
    static final class Facts implements io.halite.config.membership.LocalFacts {
        private final java.util.function.Supplier<ClusterNode> node;

        Facts(java.util.function.Supplier<ClusterNode> node) {
            this.node = node;
        }

        @Override
        public List<HostPort> addresses() {
            return List.of(new HostPort("127.0.0.1", node.get().network.port()));
        }

        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public String version() {
            return "test";
        }

        @Override
        public Revision activeRevision() {
            return node.get().store.current().revision();
        }

        @Override
        public long activeAdminVersion() {
            ClusterNode open = node.get();
            return open == null ? 0 : open.store.current().adminVersion();
        }

        @Override
        public boolean isLeaving() {
            return false;
        }

        @Override
        public NodeStatus.UnderWay underWay() {
            return NodeStatus.UnderWay.NOTHING;
        }

        @Override
        public List<NodeStatus.Failure> failures() {
            return List.of();
        }

        @Override
        public List<String> degraded() {
            return List.of();
        }
    }
}
