package io.halite.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.config.Algorithm;
import io.halite.config.Algorithm.HashKey;
import io.halite.config.WhenAllDown;
import io.halite.health.Health;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.testing.Allocations;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets of second choice, and how much they are given. */
class PriorityTest {
    private static final int PICKS = 10_000;

    /** Ten of first choice, a to j, and two of second, k and l. */
    private static TestPool pool() {
        return TestPool.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1).priority(1, "k", "l");
    }

    private static TestPool down(TestPool pool, String names) {
        for (String name : names.split("", -1)) {
            pool.health(name, Health.UNHEALTHY);
        }
        return pool;
    }

    private static double backupShare(TestPool pool) {
        Map<String, Integer> picks = pool.picks(pool.balancer(0), PICKS);
        return 100.0 * (picks.getOrDefault("k", 0) + picks.getOrDefault("l", 0)) / PICKS;
    }

    /** A part of the eligible times 1.4; the rest spills over. */
    @ParameterizedTest
    @CsvSource({"'', 0", "ab, 0", "abc, 2", "abcd, 16", "abcde, 30", "abcdef, 44", "abcdefg, 58", "abcdefghi, 86",
        "abcdefghij, 100"})
    void whatTheFirstCannotCarrySpillsOver(String names, double percent) {
        assertEquals(percent, backupShare(down(pool(), names)), 2.5);
    }

    @Test
    void healthyBackupsKeepThePoolFromPanic() {
        TestPool pool = down(pool(), "abcdefghij");
        pool.table();
        assertFalse(pool.latest().eligibility().panicking());
    }

    /** Together too weak to carry all, they share in proportion to what each can. */
    @Test
    void prioritiesThatDoNotSufficeShare() {
        TestPool pool = TestPool.of(1, 1, 1, 1, 1, 1, 1, 1).priority(1, "e", "f", "g", "h").panic(0, WhenAllDown.ALL);
        down(pool, "abcefg");
        Map<String, Integer> picks = pool.picks(pool.balancer(0), PICKS);
        assertEquals(50, 100.0 * picks.getOrDefault("d", 0) / PICKS, 2.5);
        assertEquals(50, 100.0 * picks.getOrDefault("h", 0) / PICKS, 2.5);
    }

    @Test
    void inAPanicPrioritiesDoNotCount() {
        TestPool pool = down(TestPool.of(1, 1, 1, 1).priority(1, "c", "d"), "abcd");
        assertEquals(Map.of("a", 25, "b", 25, "c", 25, "d", 25), pool.picks(pool.balancer(0), 100));
        assertTrue(pool.latest().eligibility().panicking());
    }

    @Test
    void aPanicCanBeLeftToTheLastResort() {
        TestPool pool = down(TestPool.of(1, 1, 1, 1).priority(1, "b").priority(2, "c", "d"), "abcd")
                .panic(50, WhenAllDown.BACKUP);
        assertEquals(Map.of("a", 0, "b", 0, "c", 50, "d", 50), pool.picks(pool.balancer(0), 100));
    }

    @Test
    void maintenanceOfTheFirstIsTheSecondsTurn() {
        TestPool pool = TestPool.of(1, 1, 1).priority(1, "c").admin("a", AdminState.MAINT).admin("b", AdminState.DRAIN);
        assertEquals("ccc", pool.sequence(pool.balancer(0), 3));
    }

    /** Ten new targets, not probed yet, must not drive the requests away from the old one. */
    @Test
    void newTargetsDriveNobodyAway() {
        TestPool pool = pool();
        for (String name : "bcdefghij".split("", -1)) {
            pool.health(name, Health.UNKNOWN);
        }
        assertEquals("aaaa", pool.sequence(pool.balancer(0), 4));
    }

    @Test
    void threePrioritiesFollowOneAnother() {
        TestPool pool = TestPool.of(1, 1, 1).priority(3, "b").priority(7, "c");
        Balancer balancer = pool.balancer(0);
        assertEquals("aa", pool.sequence(balancer, 2));
        down(pool, "a").table();
        assertEquals("bb", pool.sequence(balancer, 2));
        down(pool, "b").table();
        assertEquals("cc", pool.sequence(balancer, 2));
        pool.health("a", Health.HEALTHY).table();
        assertEquals("aa", pool.sequence(balancer, 2));
    }

    /** An ejection is this node's own view: the second choice is better than who failed here. */
    @Test
    void ejectedTargetsHaveSubstitutes() {
        TestPool pool = TestPool.of(1, 1).priority(1, "b");
        Balancer balancer = pool.balancer(0);
        for (int i = 0; i < 5; i++) {
            balancer.started(pool.target("a"));
            balancer.finished(pool.target("a"), Outcome.SERVER_ERROR, 1);
        }
        assertEquals("bb", pool.sequence(balancer, 2));
    }

    @Test
    void whoIsTriedIsFollowedByTheNext() {
        TestPool pool = TestPool.of(1, 1).priority(1, "b");
        Balancer balancer = pool.balancer(0);
        TriedTargets tried = new TriedTargets();
        tried.add(pool.target("a"));
        TargetEntry next = balancer.pick(pool.latest(), TestPool.ANY, tried);
        assertEquals(pool.target("b"), next);
    }

    /** A key meets the same target however much is spilled over at the moment. */
    @Test
    void hashingIsSteadyInBothPriorities() {
        TestPool pool = down(pool().algorithm(new Algorithm.Hash(new HashKey.Path())), "abcdef");
        Balancer balancer = pool.balancer(0);
        Map<String, String> first = new HashMap<>();
        int spilled = 0;
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < 500; key++) {
                RequestHead head = DescribedRequest.get("h", "/" + key).head();
                String target = String.valueOf(pool.pick(balancer, head));
                String before = first.putIfAbsent("/" + key, target);
                assertEquals(before == null ? target : before, target);
                spilled += round == 0 && "kl".contains(target) ? 1 : 0;
            }
        }
        assertEquals(44, spilled / 5.0, 8);
    }

    @ParameterizedTest
    @CsvSource({"roundRobin", "leastRequest", "leastTime", "random", "first"})
    void everyAlgorithmKeepsToItsTier(String name) {
        TestPool pool = pool().algorithm(switch (name) {
            case "roundRobin" -> new Algorithm.RoundRobin();
            case "leastRequest" -> new Algorithm.LeastRequest();
            case "leastTime" -> new Algorithm.LeastTime();
            case "random" -> new Algorithm.Random();
            default -> new Algorithm.First();
        });
        assertEquals(0, backupShare(pool));
        assertEquals(100, backupShare(down(pool, "abcdefghij")));
    }

    /** More than a heap of them, with unequal weights: the heap of each tier holds its own. */
    @Test
    void largeTiersAreKeptApart() {
        int[] weights = new int[200];
        for (int at = 0; at < weights.length; at++) {
            weights[at] = 1 + at % 3;
        }
        TestPool pool = TestPool.of(weights);
        for (int at = 100; at < 200; at++) {
            pool.priority(1, "t" + at);
        }
        Map<String, Integer> picks = pool.picks(pool.balancer(0), 1_000);
        for (int at = 100; at < 200; at++) {
            assertEquals(0, picks.getOrDefault("t" + at, 0));
        }
    }

    @Test
    void pickingAllocatesNothing() {
        TestPool pool = down(pool(), "abcdef");
        Balancer balancer = pool.balancer(0);
        PoolTable table = pool.latest();
        Allocations.assertNone(() -> balancer.pick(table, TestPool.ANY, TestPool.NONE_TRIED));
    }
}
