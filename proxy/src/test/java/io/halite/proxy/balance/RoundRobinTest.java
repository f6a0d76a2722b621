package io.halite.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.health.Health;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest {
    @Test
    void interleavesAsNginxDoes() {
        TestPool pool = TestPool.of(5, 1, 1);

        assertEquals("aabacaaaabacaa", pool.sequence(pool.balancer(0), 14));
    }

    @Test
    void equalWeightsRotate() {
        TestPool pool = TestPool.of(100, 100, 100);

        assertEquals("abcabcabc", pool.sequence(pool.balancer(0), 9));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void everyCycleGivesEachExactlyItsWeight(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            int[] weights = random.ints(1 + random.nextInt(12), 1, 101).toArray();
            TestPool pool = TestPool.of(weights);
            Balancer balancer = pool.balancer(0);
            int cycle = Arrays.stream(weights).sum();
            for (int i = 0; i < 3; i++) {
                Integer[] counts = pool.picks(balancer, cycle).values().toArray(Integer[]::new);
                assertEquals(Arrays.toString(weights), Arrays.toString(counts), "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {16, 17})
    void aLargePoolKeepsTheWeightsExactlyToo(long seed) {
        int[] weights = new Random(seed).ints(500, 1, 101).toArray();
        TestPool pool = TestPool.of(weights);
        Balancer balancer = pool.balancer(0);
        int cycle = Arrays.stream(weights).sum();
        for (int i = 0; i < 3; i++) {
            Integer[] counts = pool.picks(balancer, cycle).values().toArray(Integer[]::new);
            assertEquals(Arrays.toString(weights), Arrays.toString(counts), "seed " + seed);
        }
    }

    @Test
    void changingALargePoolDoesNotStartTheCycleAnew() {
        int[] weights = new int[100];
        Arrays.setAll(weights, i -> 50 + i);
        TestPool pool = TestPool.of(weights);
        Balancer balancer = pool.balancer(0);
        Map<String, Integer> counts = new HashMap<>();
        int cycle = Arrays.stream(weights).sum();
        for (int i = 0; i < cycle; i++) {
            if (i % 10 == 0) {
                // Out and back faster than its turns come: it misses none of them.
                pool.health("t7", i % 20 == 0 ? Health.UNHEALTHY : Health.HEALTHY).table();
            }
            counts.merge(String.valueOf(pool.pick(balancer)), 1, Integer::sum);
        }
        for (int i = 0; i < weights.length; i++) {
            int count = counts.getOrDefault("t" + i, 0);
            assertEquals(weights[i], count, 5, i + " of " + counts);
        }
    }

    @Test
    void aLargePoolPassesOverWhatIsOut() {
        int[] weights = new int[100];
        Arrays.setAll(weights, i -> i == 0 ? 1_000 : 1);
        TestPool pool = TestPool.of(weights);
        Balancer balancer = pool.balancer(0);
        TriedTargets tried = new TriedTargets();
        tried.add(pool.target("t0"));
        for (int i = 0; i < 300; i++) {
            TargetEntry target = balancer.pick(pool.latest(), TestPool.ANY, tried);
            assertTrue(target != null && !tried.contains(target));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void noneIsEverFarFromItsShare(long seed) {
        Random random = new Random(seed);
        int[] weights = random.ints(10, 1, 1001).toArray();
        double total = Arrays.stream(weights).sum();
        TestPool pool = TestPool.of(weights);
        Balancer balancer = pool.balancer(0);
        int[] counts = new int[weights.length];
        for (int picked = 1; picked <= 20_000; picked++) {
            counts[String.valueOf(pool.pick(balancer)).charAt(0) - 'a']++;
            for (int i = 0; i < weights.length; i++) {
                double due = picked * weights[i] / total;
                assertTrue(Math.abs(counts[i] - due) <= 3, i + " after " + picked + ", seed " + seed);
            }
        }
    }

    @Test
    void aWeightOfZeroTakesPartInNothing() {
        TestPool pool = TestPool.of(0, 1, 2);

        assertEquals(Map.of("a", 0, "b", 100, "c", 200), pool.picks(pool.balancer(0), 300));
    }

    @Test
    void changingAWeightDoesNotStartTheCycleAnew() {
        TestPool pool = TestPool.of(100, 100, 100);
        Balancer balancer = pool.balancer(0);
        int[] counts = new int[3];
        for (int i = 0; i < 3_000; i++) {
            // An autoscaler or an agent nudges a weight before every request: all must be served all the same.
            pool.weight("a", 100 + i % 2);
            pool.table();
            counts[String.valueOf(pool.pick(balancer)).charAt(0) - 'a']++;
        }
        for (int count : counts) {
            assertTrue(Math.abs(count - 1_000) <= 15, Arrays.toString(counts));
        }
    }

    @Test
    void aChangeOfManyMembersKeepsTheTurnOfTheRest() {
        TestPool pool = TestPool.of(1, 1, 1, 1);
        Balancer balancer = pool.balancer(0);
        assertEquals("ab", pool.sequence(balancer, 2));

        pool.remove("a").add("e", 1).table();

        assertEquals("cdebcdeb", pool.sequence(balancer, 8));
    }

    @Test
    void aDebtFromGreatWeightsIsPaidInProportion() {
        TestPool pool = TestPool.of(1000, 1);
        Balancer balancer = pool.balancer(0);
        pool.sequence(balancer, 400);

        pool.weight("a", 1).table();

        String sequence = pool.sequence(balancer, 20);
        assertFalse(sequence.contains("bbb"), sequence);
        assertFalse(sequence.contains("aaa"), sequence);
    }

    @Test
    void whoComesBackIsNotFlooded() {
        TestPool pool = TestPool.of(3, 2, 1);
        Balancer balancer = pool.balancer(0);
        pool.health("b", Health.UNHEALTHY).table();
        pool.sequence(balancer, 1_000);

        pool.health("b", Health.HEALTHY).table();

        assertEquals(Map.of("a", 300, "b", 200, "c", 100), pool.picks(balancer, 600));
        String sequence = pool.sequence(balancer, 12);
        assertFalse(sequence.contains("bbb"), sequence);
    }

    @Test
    void aRetryAvoidsWhatWasTried() {
        TestPool pool = TestPool.of(1, 1, 1);
        Balancer balancer = pool.balancer(0);
        PoolTable table = pool.latest();
        TriedTargets tried = new TriedTargets();
        tried.add(pool.target("a"));
        for (int i = 0; i < 10; i++) {
            TargetEntry target = balancer.pick(table, TestPool.ANY, tried);
            assertTrue(target != null && !tried.contains(target));
        }
        tried.add(pool.target("b"));
        tried.add(pool.target("c"));

        assertEquals(null, balancer.pick(table, TestPool.ANY, tried));
    }

    @Test
    void anEmptyPoolOffersNothing() {
        TestPool pool = TestPool.of();

        assertEquals(null, pool.pick(pool.balancer(0)));
    }

    @Test
    void anOlderTableDoesNotBringARemovedTargetBack() {
        TestPool pool = TestPool.of(1, 1);
        PoolTable old = pool.table();
        Balancer balancer = pool.balancer(0);
        pool.admin("a", AdminState.MAINT).table();
        assertEquals("bb", pool.sequence(balancer, 2));

        for (int i = 0; i < 4; i++) {
            TargetEntry target = balancer.pick(old, TestPool.ANY, TestPool.NONE_TRIED);
            assertEquals(pool.target("b"), target);
        }
    }
}
