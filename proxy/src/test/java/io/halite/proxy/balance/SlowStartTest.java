package io.halite.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.config.Algorithm;
import io.halite.config.WhenAllDown;
import io.halite.health.Health;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlowStartTest {
    private static final Duration WINDOW = Duration.ofSeconds(30);

    @Test
    void aRecoveredTargetGrowsFromATenthToItsWeight() {
        TestPool pool = recovered(TestPool.of(100, 100).slowStart(WINDOW));
        Balancer balancer = pool.balancer(0);

        assertShareOfB(pool, balancer, 0.1);
        pool.ticker.advance(Duration.ofSeconds(15));
        assertShareOfB(pool, balancer, 0.5);
        pool.ticker.advance(Duration.ofSeconds(12));
        assertShareOfB(pool, balancer, 0.9);
        pool.ticker.advance(Duration.ofSeconds(3));
        assertShareOfB(pool, balancer, 1.0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void drawnAlgorithmsHonourItToo(boolean leastRequest) {
        TestPool pool = recovered(TestPool.of(100, 100).slowStart(WINDOW)
                .algorithm(leastRequest ? new Algorithm.LeastRequest() : new Algorithm.Random()));
        Balancer balancer = pool.balancer(0);
        pool.ticker.advance(Duration.ofSeconds(6));

        Map<String, Integer> picks = pool.picks(balancer, 60_000);

        assertEquals(60_000 * 0.2 / 1.2, picks.getOrDefault("b", 0), 600, picks.toString());
    }

    @Test
    void aLaterTableDoesNotStartItAnew() {
        TestPool pool = recovered(TestPool.of(100, 100, 100).slowStart(WINDOW));
        Balancer balancer = pool.balancer(0);
        pool.ticker.advance(Duration.ofSeconds(15));

        pool.weight("c", 50).table();

        assertEquals(0.5, pool.latest().warmth(1, pool.ticker.nanos()), 0.01);
        assertTrue(pool.picks(balancer, 1_000).getOrDefault("b", 0) > 150);
    }

    @Test
    void nothingWarmsUpWhenTheProcessStarts() {
        TestPool pool = TestPool.of(100, 100).slowStart(WINDOW)
                .health("a", Health.UNKNOWN).health("b", Health.UNKNOWN);
        assertWarm(pool, 0, 1);
        pool.health("a", Health.HEALTHY);
        assertWarm(pool, 0);
        pool.health("b", Health.HEALTHY);
        assertWarm(pool, 0, 1);
    }

    @Test
    void aWholePoolThatComesBackIsNotThrottled() {
        TestPool pool = TestPool.of(100, 100).slowStart(WINDOW).panic(50, WhenAllDown.NONE);
        pool.table();
        pool.health("a", Health.UNHEALTHY).health("b", Health.UNHEALTHY).table();

        pool.health("a", Health.HEALTHY);
        assertWarm(pool, 0);
        pool.ticker.advance(Duration.ofSeconds(1));
        pool.health("b", Health.HEALTHY).table();

        assertEquals(0.1, pool.latest().warmth(1, pool.ticker.nanos()), 1e-9, "the second one has a warm neighbour");
    }

    @Test
    void aTargetThatJoinsLaterWarmsUpAfterItsFirstSuccess() {
        TestPool pool = TestPool.of(100).slowStart(WINDOW);
        pool.table();
        pool.add("b", 100).health("b", Health.UNKNOWN).table();
        pool.ticker.advance(Duration.ofSeconds(20));

        pool.health("b", Health.HEALTHY).table();

        assertEquals(0.1, pool.latest().warmth(1, pool.ticker.nanos()), 1e-9);
    }

    @Test
    void aTargetThatComesOutOfMaintenanceWarmsUpAfterItsFirstSuccess() {
        TestPool pool = TestPool.of(100, 100).slowStart(WINDOW).admin("b", AdminState.MAINT).health("b", Health.UNKNOWN);
        pool.table();
        pool.admin("b", AdminState.READY).table();

        pool.health("b", Health.HEALTHY).table();

        assertEquals(0.1, pool.latest().warmth(1, pool.ticker.nanos()), 1e-9);
    }

    @Test
    void aWeightOfOneIsWarmedUpInPartsToo() {
        TestPool pool = recovered(TestPool.of(1, 1).slowStart(WINDOW));

        assertShareOfB(pool, pool.balancer(0), 0.1);
    }

    @Test
    void withoutAWindowATargetIsBackAtOnce() {
        TestPool pool = recovered(TestPool.of(100, 100));

        assertWarm(pool, 0, 1);
    }

    private static TestPool recovered(TestPool pool) {
        pool.table();
        pool.health("b", Health.UNHEALTHY).table();
        pool.health("b", Health.HEALTHY).table();
        return pool;
    }

    private static void assertShareOfB(TestPool pool, Balancer balancer, double warmth) {
        Map<String, Integer> picks = pool.picks(balancer, 2_000);
        double share = (double) picks.getOrDefault("b", 0) / picks.getOrDefault("a", 1);
        assertEquals(warmth, share, 0.02, picks.toString());
    }

    private static void assertWarm(TestPool pool, int... positions) {
        PoolTable table = pool.table();
        for (int at : positions) {
            assertTrue(table.eligibility().isCandidate(at));
            assertEquals(1, table.warmth(at, pool.ticker.nanos()), 1e-9);
        }
    }
}
