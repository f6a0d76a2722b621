package io.halite.config.raft;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A cluster whose members are processes of their own, to be tormented, with faulty wires between them or none. It is
 * made in this JVM, which is fast, and started again as processes. Safe for use by many threads.
 */
final class FaultCluster implements AutoCloseable {
    static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final Map<String, FaultProcess> nodes = new LinkedHashMap<>();
    private final FaultyLinks links = new FaultyLinks();

    private FaultCluster() {}

    /** With wires that can be cut. */
    static FaultCluster wired(int size, Path root, Duration electionTimeout) throws Exception {
        FaultCluster cluster = new FaultCluster();
        List<Made> made = make(size, root);
        cluster.links.open(made.stream().collect(Collectors.toMap(Made::id, Made::port)));
        cluster.start(made, electionTimeout, (from, to) -> cluster.links.port(from.id(), to.id()));
        return cluster;
    }

    /** The members dial each other as in earnest. */
    static FaultCluster direct(int size, Path root, Duration electionTimeout) throws Exception {
        FaultCluster cluster = new FaultCluster();
        cluster.start(make(size, root), electionTimeout, (from, to) -> to.port());
        return cluster;
    }

    /** Each member on a machine of its own. */
    static FaultCluster on(FaultyMachines machines, int size, Path root, Duration electionTimeout) throws Exception {
        FaultCluster cluster = new FaultCluster();
        List<Made> moved = new ArrayList<>();
        for (Made node : make(size, root)) {
            moved.add(machines.move(node));
        }
        for (Made node : moved) {
            String ways = moved.stream().filter(other -> !other.equals(node))
                    .map(other -> other.id() + "=" + machines.address(other.id()) + ":" + other.port())
                    .collect(Collectors.joining(","));
            cluster.nodes.put(node.id(), new FaultProcess(node, new FaultProcess.Place(machines.within(node.id()),
                    machines.address(node.id()), node.port(), ways, electionTimeout)));
        }
        for (FaultProcess node : cluster.nodes.values()) {
            node.start();
        }
        return cluster;
    }

    /** A member that is made and not running. */
    record Made(String id, String name, Path path, int port) {}

    @FunctionalInterface
    private interface Way {
        int port(Made from, Made to);
    }

    /** Members of a new cluster, which has come to rest. */
    static List<Made> make(int size, Path root) throws Exception {
        List<Made> made = new ArrayList<>();
        try (TestCluster cluster = TestCluster.of(size, root)) {
            cluster.awaitVoters(io.halite.config.membership.VoterRule.voters(size));
            for (ClusterNode node : cluster.nodes()) {
                made.add(new Made(node.id(), node.member.identity().name(), node.path, ClusterNode.freePort()));
            }
        }
        return made;
    }

    private void start(List<Made> made, Duration electionTimeout, Way way) throws IOException {
        for (Made node : made) {
            String ways = made.stream().filter(other -> !other.equals(node))
                    .map(other -> other.id() + "=127.0.0.1:" + way.port(node, other)).collect(Collectors.joining(","));
            nodes.put(node.id(), new FaultProcess(node, new FaultProcess.Place(
                    List.of(), "127.0.0.1", node.port(), ways, electionTimeout)));
        }
        for (FaultProcess node : nodes.values()) {
            node.start();
        }
    }

    List<FaultProcess> nodes() {
        return List.copyOf(nodes.values());
    }

    FaultProcess node(String id) {
        return Objects.requireNonNull(nodes.get(id), id);
    }

    FaultyLinks links() {
        return links;
    }

    /** Who leads in which term, as a node says it; a term of 0 when it knows no leader. */
    record Leading(String leader, long term) {
        static final Leading NOBODY = new Leading("", 0);
    }

    /** The leader that the node of the newest term knows. */
    Leading leading() throws InterruptedException {
        Leading newest = Leading.NOBODY;
        for (FaultProcess node : nodes.values()) {
            Leading said = leading(node);
            newest = said.term() > newest.term() ? said : newest;
        }
        return newest;
    }

    private static Leading leading(FaultProcess node) throws InterruptedException {
        String[] answer = node.ask("leader", ANSWER).split(" ", -1);
        return answer.length == 3 && answer[0].equals("ok") && !answer[1].isEmpty()
                ? new Leading(answer[1], Long.parseLong(answer[2])) : Leading.NOBODY;
    }

    /** The leader once there is one that is alive. */
    Leading awaitLeader() {
        return TestCluster.await().until(this::leading,
                found -> nodes.containsKey(found.leader()) && node(found.leader()).isAlive());
    }

    @Override
    public void close() {
        nodes.values().forEach(FaultProcess::close);
        links.close();
    }
}
