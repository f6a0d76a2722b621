package io.halite.config.raft;

import io.halite.config.Ticker;
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

/** As {@link NemesisTest}, with the kernel's own faults: lost packets, filtered ways, and disks that are slow or hang. */
@Tag("netns")
class RealFaultsTest {
    private static final int NODES = 3;

    @TempDir
    Path root;

    /** What can go wrong. */
    private enum Fault { LOSE, SLOW_DISK, HANG_DISK, CUT_ONE_WAY, ISOLATE_LEADER, KILL, PAUSE, KILL_ALL }

    @Test
    void everyFaultOnce() throws Exception {
        announce("real faults seed=5");
        run(List.of(Fault.values()), new Random(5), Duration.ofSeconds(1));
    }

    @Test
    @Tag("long")
    void manyFaults() throws Exception {
        long seed = Long.getLong("halite.long.seed", Ticker.SYSTEM.nanos());
        int rounds = Integer.getInteger("halite.long.rounds", 60);
        announce("real faults seed=" + seed + " rounds=" + rounds);
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            faults.add(Fault.values()[random.nextInt(Fault.values().length)]);
        }
        run(faults, random, Duration.ofSeconds(2));
    }

    @SuppressWarnings("SystemOut")
    private static void announce(String line) {
        System.out.println(line);
    }

    private void run(List<Fault> faults, Random random, Duration hold) throws Exception {
        try (FaultyMachines machines = FaultyMachines.create();
                FaultCluster cluster = FaultCluster.on(machines, NODES, root, FaultCluster.ELECTION_TIMEOUT);
                FaultClients clients = FaultClients.start(cluster.nodes(), random)) {
            for (Fault fault : faults) {
                inflict(machines, cluster, fault, random, hold);
            }
            clients.awaitProgress();
            announce("real faults=" + faults.size() + " " + clients.check());
        }
    }

    private static void inflict(FaultyMachines machines, FaultCluster cluster, Fault fault, Random random, Duration hold)
            throws Exception {
        List<FaultProcess> all = new ArrayList<>(cluster.nodes());
        Collections.shuffle(all, random);
        String leading = cluster.leading().leader();
        FaultProcess leader = leading.isEmpty() ? all.getFirst() : cluster.node(leading);
        List<String> others = all.stream().filter(node -> node != leader).map(node -> node.id).toList();
        boolean held = false;
        switch (fault) {
            case LOSE -> machines.lose(3 + random.nextInt(20));
            case SLOW_DISK -> {
                machines.slowDisk(all.getFirst().id, hold);
                held = true;
            }
            case HANG_DISK -> {
                machines.hangDisk(leader.id, hold);
                held = true;
            }
            case CUT_ONE_WAY -> {
                boolean fromLeader = random.nextBoolean();
                machines.cut(fromLeader ? leader.id : others.getFirst(), fromLeader ? others.getFirst() : leader.id);
            }
            case ISOLATE_LEADER -> machines.split(List.of(leader.id), others);
            case KILL -> leader.kill();
            case PAUSE -> all.getFirst().pause();
            case KILL_ALL -> all.forEach(FaultProcess::kill);
        }
        LockSupport.parkNanos(held ? 0 : hold.plusMillis(random.nextInt(1000)).toNanos());
        machines.heal();
        for (FaultProcess node : all) {
            if (node.isAlive()) {
                node.goOn();
            } else {
                node.start();
            }
        }
        LockSupport.parkNanos(hold.toNanos() / 2);
    }
}
