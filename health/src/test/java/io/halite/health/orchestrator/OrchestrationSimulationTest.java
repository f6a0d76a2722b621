package io.halite.health.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.health.Health;
import io.halite.health.orchestrator.SimulatedCluster.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Schedules of faults under virtual time; a failure names the seed that repeats it. */
class OrchestrationSimulationTest {
    private static final System.Logger LOGGER = System.getLogger(OrchestrationSimulationTest.class.getName());
    private static final Duration QUIET = Duration.ofSeconds(25);
    private static final int CHECKS = 24;
    /**
     * One fault costs a lease or an election. Faults that follow one another do not add up without end: who has no word for
     * six seconds that everything has an owner probes everything. Before that rule, seed 694144 was blind for 15.8 s.
     */
    private static final Duration BLIND_AT_MOST = Timing.LEASE_AT_LEADER.plus(Timing.RESEND).plus(Timing.COVER_AFTER)
            .plusMillis(600);

    private static SimulatedCluster calm(long seed, int nodes, int checks, int vantages) {
        SimulatedCluster cluster = new SimulatedCluster(seed, nodes, checks, vantages);
        cluster.run(QUIET);
        assertEquals("", cluster.unrest(), "seed " + seed);
        cluster.takeWorstGap();
        return cluster;
    }

    private static Node leader(SimulatedCluster cluster) {
        Node leader = cluster.leading();
        if (leader == null) {
            throw new AssertionError("no leader");
        }
        return leader;
    }

    private static Node worker(SimulatedCluster cluster) {
        return cluster.running().stream().filter(node -> node != leader(cluster)).findFirst().orElseThrow();
    }

    @Test
    void aQuietClusterDividesEquallyAndThenRests() {
        for (int nodes = 1; nodes <= 5; nodes++) {
            SimulatedCluster cluster = calm(nodes, nodes, 60, 1);
            Map<Long, List<String>> owners = cluster.owners();
            for (Node node : cluster.running()) {
                long mine = owners.values().stream().filter(list -> list.contains(node.id)).count();
                assertEquals(60.0 / nodes, (double) mine, 1);
            }
            cluster.run(Duration.ofSeconds(60));
            assertEquals(owners, cluster.owners());
        }
    }

    @Test
    void aDeadWorkersProbesHaveAnotherOwnerWithinItsLeaseAndNothingElseMoves() {
        Duration worst = Duration.ZERO;
        for (long seed = 0; seed < 40; seed++) {
            SimulatedCluster cluster = calm(seed, 4, 60, 1);
            Map<Long, List<String>> before = cluster.owners();
            Node dead = worker(cluster);
            dead.alive = false;
            cluster.run(Duration.ofSeconds(6));
            Map<Long, List<String>> after = cluster.owners();
            for (Map.Entry<Long, List<String>> entry : before.entrySet()) {
                if (!entry.getValue().contains(dead.id)) {
                    assertEquals(entry.getValue(), after.get(entry.getKey()), "seed " + seed);
                }
            }
            worst = max(worst, cluster.takeWorstGap());
        }
        LOGGER.log(System.Logger.Level.INFO, "simulated death of a worker: worst gap=" + worst.toMillis() + " ms");
        assertTrue(worst.toMillis() <= 3_200, worst.toString());
    }

    @Test
    void theLeadersDeathLeavesNoGapInWhatOthersProbe() {
        Duration worst = Duration.ZERO;
        for (long seed = 0; seed < 40; seed++) {
            SimulatedCluster cluster = calm(seed, 4, 60, 1);
            Node dead = leader(cluster);
            Map<Long, List<String>> before = cluster.owners();
            dead.alive = false;
            cluster.run(Duration.ofSeconds(12));
            int gaps = cluster.worstGap.size();
            long its = before.values().stream().filter(list -> list.contains(dead.id)).count();
            assertTrue(gaps <= its, "seed " + seed + ": " + gaps + " probes had a gap, the leader had " + its);
            worst = max(worst, cluster.takeWorstGap());
        }
        LOGGER.log(System.Logger.Level.INFO, "simulated death of the leader: worst gap=" + worst.toMillis()
                + " ms (election takes up to 3500 ms here)");
        assertTrue(worst.toMillis() <= 3_500 + 1_500, worst.toString());
    }

    @Test
    void withoutAnyLeaderEveryNodeProbesEverythingAndReturnsWithoutFlapping() {
        for (long seed = 0; seed < 20; seed++) {
            SimulatedCluster cluster = calm(seed, 3, 30, 1);
            Long down = cluster.tasks.keySet().iterator().next();
            int partition = 1;
            for (Node node : cluster.nodes.values()) {
                node.partition = partition++;
            }
            cluster.run(Duration.ofSeconds(16));
            for (Node node : cluster.running()) {
                assertEquals(Worker.Mode.ALONE, node.worker.mode(node.local()));
                assertEquals(cluster.tasks.keySet(), node.worker.probes());
            }
            cluster.truth.put(down, Health.UNHEALTHY);
            cluster.run(Duration.ofSeconds(3));
            cluster.heal();
            cluster.run(QUIET);
            assertEquals("", cluster.unrest(), "seed " + seed);
        }
    }

    /** Seed 132585: nobody could be elected, so assignments stood, and their worker went on for itself for good. */
    @Test
    void aLeaderThatWasOnlyPausedEndsTheSolitudeOfItsWorkers() {
        assertTrue(schedule(132_585).compareTo(BLIND_AT_MOST) <= 0);
        for (long seed = 0; seed < 20; seed++) {
            SimulatedCluster cluster = calm(seed, 3, 30, 1);
            worker(cluster).alive = false;
            cluster.run(Duration.ofSeconds(8));
            Node left = worker(cluster);
            leader(cluster).pausedUntil = cluster.now + Duration.ofSeconds(12).toNanos();
            while (left.worker.mode(left.local()) != Worker.Mode.ALONE) {
                cluster.run(Duration.ofMillis(100));
            }
            leader(cluster).pausedUntil = 0;
            cluster.run(Duration.ofSeconds(5));
            assertEquals("", cluster.unrest(), "seed " + seed);
        }
    }

    @Test
    void oneVantageAloneTakesNothingOut() {
        for (long seed = 0; seed < 20; seed++) {
            SimulatedCluster cluster = calm(seed, 4, 30, 2);
            Node cut = worker(cluster);
            cluster.tasks.keySet().forEach(probe -> cut.blind.put(probe, Health.UNHEALTHY));
            cluster.run(Duration.ofSeconds(10));
            assertEquals("", cluster.unrest(), "seed " + seed);
            cluster.tasks.keySet().forEach(probe -> cluster.truth.put(probe, Health.UNHEALTHY));
            cluster.run(Duration.ofSeconds(10));
            assertEquals("", cluster.unrest(), "seed " + seed);
        }
    }

    @Test
    void aDrainingAndASlowNodeGiveTheirProbesAwayWithoutAGap() {
        SimulatedCluster cluster = calm(3, 4, 80, 1);
        Node leaving = worker(cluster);
        leaving.draining = true;
        cluster.run(Duration.ofSeconds(5));
        assertTrue(cluster.owners().values().stream().noneMatch(list -> list.contains(leaving.id)));
        assertTrue(cluster.takeWorstGap().toMillis() <= 100);
        leaving.draining = false;
        cluster.run(Duration.ofSeconds(5));
        leaving.late = 900;
        cluster.run(Duration.ofSeconds(5));
        long left = cluster.owners().values().stream().filter(list -> list.contains(leaving.id)).count();
        assertTrue(left <= 4, "a very late node keeps " + left);
    }

    @Test
    void leadersThatDieInTheirFirstSecondDoNotKeepTheOthersFromProbing() {
        LOGGER.log(System.Logger.Level.INFO, "simulated triple faults: worst gap=" + schedule(694_144).toMillis() + " ms");
        Duration worst = Duration.ZERO;
        for (long seed = 0; seed < 20; seed++) {
            SimulatedCluster cluster = calm(seed, 7, 60, 1);
            worker(cluster).alive = false;
            for (int deaths = 0; deaths < 2; deaths++) {
                leader(cluster).alive = false;
                while (cluster.leading() == null || !leader(cluster).alive || leader(cluster).leader == null) {
                    cluster.run(Duration.ofMillis(100));
                }
            }
            cluster.run(Duration.ofSeconds(15));
            worst = max(worst, cluster.takeWorstGap());
        }
        LOGGER.log(System.Logger.Level.INFO, "simulated deaths of a worker and two leaders: worst gap="
                + worst.toMillis() + " ms");
        assertTrue(worst.compareTo(BLIND_AT_MOST) <= 0, worst.toString());
    }

    @Test
    void randomSchedulesKeepTheInvariants() {
        schedules(new Random().nextInt(1_000_000), 40);
    }

    @Test
    @Tag("long")
    void thousandsOfRandomSchedulesKeepTheInvariants() {
        schedules(0, 100 * Integer.getInteger("halite.long.rounds", 50));
    }

    private static void schedules(long from, int count) {
        List<Long> gaps = new ArrayList<>();
        for (long seed = from; seed < from + count; seed++) {
            try {
                gaps.add(schedule(seed).toMillis());
            } catch (AssertionError broken) {
                throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
            }
        }
        Collections.sort(gaps);
        LOGGER.log(System.Logger.Level.INFO, "simulated schedules=" + count + " worst gap p50=" + gaps.get(count / 2)
                + " ms p99=" + gaps.get(count * 99 / 100) + " ms max=" + gaps.getLast() + " ms");
    }

    /** A minute of faults, then rest. */
    private static Duration schedule(long seed) {
        Random random = new Random(seed);
        SimulatedCluster cluster =
                new SimulatedCluster(seed, 3 + random.nextInt(5), CHECKS, 1 + random.nextInt(3));
        cluster.run(Duration.ofSeconds(10));
        cluster.takeWorstGap();
        for (int i = 0; i < 15; i++) {
            disturb(cluster, random);
            cluster.run(Duration.ofMillis(200 + random.nextInt(6_000)));
        }
        Duration worst = cluster.takeWorstGap();
        cluster.heal();
        cluster.run(QUIET);
        String unrest = cluster.unrest();
        assertTrue(unrest.isEmpty(), unrest);
        assertTrue(worst.compareTo(BLIND_AT_MOST) <= 0, "nobody probed for " + worst);
        return worst;
    }

    private static void disturb(SimulatedCluster cluster, Random random) {
        List<Node> all = new ArrayList<>(cluster.nodes.values());
        Node victim = all.get(random.nextInt(all.size()));
        long dead = all.stream().filter(node -> !node.alive).count();
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                if (victim.alive && dead < (all.size() - 1) / 2) {
                    victim.alive = false;
                } else if (!victim.alive) {
                    victim.restart();
                }
            }
            case 2 -> {
                Node leader = cluster.leading();
                if (leader != null && leader.alive && dead < (all.size() - 1) / 2) {
                    leader.alive = false;
                }
            }
            case 3 -> victim.pausedUntil = cluster.now + (100 + random.nextInt(8_000)) * SimulatedCluster.MILLI;
            case 4 -> victim.partition = victim.partition == 0 ? 1 : 0;
            case 5 -> cluster.loss = random.nextInt(3) * 0.1;
            case 6 -> cluster.maxDelay = (1 + random.nextInt(random.nextBoolean() ? 50 : 2_000)) * SimulatedCluster.MILLI;
            case 7 -> {
                Long probe = new ArrayList<>(cluster.tasks.keySet()).get(random.nextInt(CHECKS));
                cluster.truth.put(probe, random.nextBoolean() ? Health.HEALTHY : Health.UNHEALTHY);
            }
            default -> all.stream().filter(node -> !node.alive).findFirst().ifPresent(Node::restart);
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
