package io.halite.config.raft;

import io.halite.config.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes with faulty wires between them, and clients that change and read the config all the while. In the end
 * no acknowledged change is lost, none was applied twice, and all that the clients saw could have happened one after the
 * other.
 */
class NemesisTest {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    @TempDir
    Path root;

    /** What can go wrong. */
    private enum Fault { ISOLATE_LEADER, CUT_ONE_WAY, SPLIT, DELAY, LOSE, RESET, KILL, PAUSE, LEAD, RESTART, KILL_ALL }

    @Test
    void theFaultsThatCostALeaderMost() throws Exception {
        announce("nemesis seed=3");
        run(3, List.of(Fault.ISOLATE_LEADER, Fault.PAUSE, Fault.CUT_ONE_WAY, Fault.KILL, Fault.LEAD), new Random(3),
                Duration.ofMillis(800));
    }

    /** Three to five nodes by the seed: with four one learns, five fall into halves of two and three. */
    @Test
    @Tag("long")
    void manyFaults() throws Exception {
        long seed = Long.getLong("halite.long.seed", Ticker.SYSTEM.nanos());
        int rounds = Integer.getInteger("halite.long.rounds", 60);
        Random random = new Random(seed);
        int size = Integer.getInteger("halite.long.nodes", 3 + random.nextInt(3));
        announce("nemesis seed=" + seed + " rounds=" + rounds + " nodes=" + size);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            faults.add(Fault.values()[random.nextInt(Fault.values().length)]);
        }
        run(size, faults, random, Duration.ofSeconds(2));
    }

    @SuppressWarnings("SystemOut")
    private static void announce(String line) {
        System.out.println(line);
    }

    private void run(int size, List<Fault> faults, Random random, Duration hold) throws Exception {
        try (FaultCluster cluster = FaultCluster.wired(size, root, FaultCluster.ELECTION_TIMEOUT);
                FaultClients clients = FaultClients.start(cluster.nodes(), random)) {
            for (Fault fault : faults) {
                inflict(cluster, fault, random, hold.plusMillis(random.nextInt(Math.toIntExact(hold.toMillis()))));
            }
            clients.awaitProgress();
            announce("nemesis faults=" + faults.size() + " " + clients.check());
        }
    }

    private static void inflict(FaultCluster cluster, Fault fault, Random random, Duration hold) throws Exception {
        List<FaultProcess> all = new ArrayList<>(cluster.nodes());
        Collections.shuffle(all, random);
        String leading = cluster.leading().leader();
        FaultProcess leader = leading.isEmpty() ? all.getFirst() : cluster.node(leading);
        List<FaultProcess> others = all.stream().filter(node -> node != leader).toList();
        FaultyLinks links = cluster.links();
        switch (fault) {
            case ISOLATE_LEADER -> split(links, List.of(leader), others);
            case SPLIT -> {
                int some = 1 + random.nextInt(all.size() / 2);
                split(links, all.subList(0, some), all.subList(some, all.size()));
            }
            case CUT_ONE_WAY -> {
                // To or from the leader, half of the time each.
                boolean fromLeader = random.nextBoolean();
                links.cut((fromLeader ? leader : others.getFirst()).id, (fromLeader ? others.getFirst() : leader).id);
            }
            case DELAY -> onEveryWire(all, (from, to) -> links.delay(from, to, Duration.ofMillis(random.nextInt(120))));
            case LOSE -> onEveryWire(all, (from, to) -> links.lose(from, to, random.nextInt(8)));
            case RESET -> links.reset();
            case KILL -> kill(links, leader);
            case PAUSE -> all.getFirst().pause();
            case LEAD -> leader.ask("lead " + others.getFirst().name, ANSWER);
            case RESTART -> {
                all.getFirst().stop();
                links.ended(all.getFirst().id);
            }
            case KILL_ALL -> {
                for (FaultProcess node : all) {
                    kill(links, node);
                }
            }
        }
        LockSupport.parkNanos(hold.toNanos());
        links.heal();
        for (FaultProcess node : all) {
            if (node.isAlive()) {
                node.goOn();
            } else {
                links.started(node.id);
                node.start();
            }
        }
        LockSupport.parkNanos(hold.toNanos() / 2);
    }

    private static void kill(FaultyLinks links, FaultProcess node) throws IOException {
        node.kill();
        links.ended(node.id);
    }

    private static void split(FaultyLinks links, List<FaultProcess> some, List<FaultProcess> others) {
        links.split(some.stream().map(node -> node.id).toList(), others.stream().map(node -> node.id).toList());
    }

    @FunctionalInterface
    private interface Wire {
        void between(String from, String to);
    }

    private static void onEveryWire(List<FaultProcess> nodes, Wire wire) {
        nodes.forEach(from -> nodes.stream().filter(to -> to != from).forEach(to -> wire.between(from.id, to.id)));
    }
}
