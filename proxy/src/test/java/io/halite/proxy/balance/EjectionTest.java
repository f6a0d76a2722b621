package io.halite.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.TargetRef;
import io.halite.config.WhenAllDown;
import io.halite.health.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.EnumSource;

class EjectionTest {
    @Test
    void aRunOfFailuresEjects() {
        TestPool pool = TestPool.of(1, 1, 1);
        Balancer balancer = pool.balancer(0);
        fail(pool, balancer, "b", Outcome.SERVER_ERROR, 4);
        assertTrue(pool.sequence(balancer, 3).contains("b"));

        fail(pool, balancer, "b", Outcome.TIMEOUT, 1);

        assertEquals(Map.of("a", 5, "b", 0, "c", 5), pool.picks(balancer, 10));
        assertEquals(1, pool.latest().entry().ejections().count());
    }

    @Test
    void aSuccessEndsTheRun() {
        TestPool pool = TestPool.of(1, 1);
        Balancer balancer = pool.balancer(0);
        for (int i = 0; i < 10; i++) {
            fail(pool, balancer, "b", Outcome.SERVER_ERROR, 4);
            fail(pool, balancer, "b", Outcome.SUCCESS, 1);
        }
        assertFalse(isEjected(pool, "b"));
    }

    @Test
    void aClientThatLeavesSaysNothing() {
        TestPool pool = TestPool.of(1, 1);
        Balancer balancer = pool.balancer(0);
        fail(pool, balancer, "b", Outcome.SERVER_ERROR, 4);
        fail(pool, balancer, "b", Outcome.ABANDONED, 10);
        assertFalse(isEjected(pool, "b"));

        fail(pool, balancer, "b", Outcome.SERVER_ERROR, 1);

        assertTrue(isEjected(pool, "b"));
    }

    @Test
    void healthCheckingHearsOfTargetsThatCannotBeReachedOnly() {
        TestPool pool = TestPool.of(1, 1);
        Balancer balancer = pool.balancer(0);
        fail(pool, balancer, "a", Outcome.SERVER_ERROR, 2);
        fail(pool, balancer, "a", Outcome.TIMEOUT, 1);
        assertEquals(List.of(), pool.suspected);

        fail(pool, balancer, "b", Outcome.CONNECT_REFUSED, 1);
        fail(pool, balancer, "a", Outcome.CONNECT_FAILED, 1);

        assertEquals(List.of("b", "a"), pool.suspected.stream().map(TargetRef::target).toList());
    }

    @Test
    void theLongestEjectionIsThePools() {
        TestPool pool = TestPool.of(1, 1);
        pool.longestEjection(Duration.ofSeconds(40));
        Balancer balancer = pool.balancer(0);
        fail(pool, balancer, "b", Outcome.SERVER_ERROR, 5);
        pool.ticker.advance(Duration.ofSeconds(31));
        fail(pool, balancer, "b", Outcome.SERVER_ERROR, 5);
        pool.ticker.advance(Duration.ofSeconds(39));
        assertTrue(isEjected(pool, "b"));
        pool.ticker.advance(Duration.ofSeconds(2));
        assertFalse(isEjected(pool, "b"));
    }

    @Test
    void aRefusedConnectionCountsDouble() {
        TestPool pool = TestPool.of(1, 1);
        Balancer balancer = pool.balancer(0);
        fail(pool, balancer, "b", Outcome.CONNECT_REFUSED, 2);
        assertFalse(isEjected(pool, "b"));

        fail(pool, balancer, "b", Outcome.CONNECT_REFUSED, 1);

        assertTrue(isEjected(pool, "b"));
    }

    @ParameterizedTest
    @EnumSource(value = Outcome.class, mode = Mode.EXCLUDE, names = {"SUCCESS", "ABANDONED"})
    void everyFailureOfTheTargetCounts(Outcome outcome) {
        TestPool pool = TestPool.of(1, 1);
        fail(pool, pool.balancer(0), "b", outcome, 5);

        assertTrue(isEjected(pool, "b"));
        assertTrue(pool.target("b").load().failed() == 5);
    }

    @Test
    void failuresAtAllLoopsAreOneRun() {
        TestPool pool = TestPool.of(1, 1);
        Balancer one = pool.balancer(0);
        Balancer other = pool.balancer(1);
        fail(pool, one, "b", Outcome.SERVER_ERROR, 3);
        fail(pool, other, "b", Outcome.SERVER_ERROR, 2);

        assertEquals("aaa", pool.sequence(one, 3));
        assertEquals("aaa", pool.sequence(other, 3));
    }

    @Test
    void eachEjectionIsLongerUpToACapAndQuietTimeForgives() {
        TestPool pool = TestPool.of(1, 1);
        Balancer balancer = pool.balancer(0);
        for (int times = 1; times <= 12; times++) {
            fail(pool, balancer, "b", Outcome.SERVER_ERROR, 5);
            Duration expected = Duration.ofSeconds(Math.min(300, 30L * times));
            assertEquals(expected, pool.target("b").ejection().remaining(pool.ticker.nanos()));
            pool.ticker.advance(expected);
            assertFalse(isEjected(pool, "b"));
        }
        pool.ticker.advance(Duration.ofMinutes(5));
        fail(pool, balancer, "b", Outcome.SERVER_ERROR, 5);
        assertEquals(Duration.ofSeconds(90), pool.target("b").ejection().remaining(pool.ticker.nanos()));
    }

    @Test
    void noMoreThanTheAllowedPercentAreOut() {
        TestPool pool = TestPool.of(new int[20]).ejection(5, 10);
        for (int i = 0; i < 20; i++) {
            pool.weight(String.valueOf((char) ('a' + i)), 1);
        }
        Balancer balancer = pool.balancer(0);
        for (int i = 0; i < 20; i++) {
            fail(pool, balancer, String.valueOf((char) ('a' + i)), Outcome.SERVER_ERROR, 8);
        }
        assertTrue(isEjected(pool, "a"));
        assertTrue(isEjected(pool, "b"));
        assertFalse(isEjected(pool, "c"));

        pool.ticker.advance(Duration.ofSeconds(30));
        fail(pool, balancer, "c", Outcome.SERVER_ERROR, 1);
        assertTrue(isEjected(pool, "c"), "there is room again, and its run went on");
    }

    @Test
    void oneTargetMayAlwaysBeOutButNeverTheLast() {
        TestPool pool = TestPool.of(1, 1).ejection(5, 10);
        Balancer balancer = pool.balancer(0);
        fail(pool, balancer, "a", Outcome.SERVER_ERROR, 5);
        fail(pool, balancer, "b", Outcome.SERVER_ERROR, 50);

        assertTrue(isEjected(pool, "a"));
        assertFalse(isEjected(pool, "b"));

        TestPool single = TestPool.of(1).ejection(5, 100);
        fail(single, single.balancer(0), "a", Outcome.CONNECT_REFUSED, 50);
        assertFalse(isEjected(single, "a"));
    }

    @Test
    void whenEveryCandidateIsOutEjectionsAreIgnored() {
        TestPool pool = TestPool.of(1, 1, 1);
        Balancer balancer = pool.balancer(0);
        fail(pool, balancer, "a", Outcome.SERVER_ERROR, 5);
        pool.health("b", Health.UNHEALTHY).health("c", Health.UNHEALTHY)
                .panic(0, WhenAllDown.NONE).table();

        assertEquals("aaa", pool.sequence(balancer, 3));
    }

    @Test
    void zeroPercentTurnsEjectionOff() {
        TestPool pool = TestPool.of(1, 1).ejection(5, 0);
        fail(pool, pool.balancer(0), "a", Outcome.CONNECT_REFUSED, 50);

        assertFalse(isEjected(pool, "a"));
    }

    @Test
    void aPassingCheckLiftsIt() {
        TestPool pool = TestPool.of(1, 1);
        Balancer balancer = pool.balancer(0);
        fail(pool, balancer, "b", Outcome.SERVER_ERROR, 5);

        pool.target("b").ejection().lift();

        assertEquals(Map.of("a", 5, "b", 5), pool.picks(balancer, 10));
        assertEquals(Duration.ZERO, pool.target("b").ejection().remaining(pool.ticker.nanos()));
    }

    private static boolean isEjected(TestPool pool, String name) {
        return pool.target(name).ejection().isEjected(pool.ticker.nanos());
    }

    private static void fail(TestPool pool, Balancer balancer, String name, Outcome outcome, int times) {
        for (int i = 0; i < times; i++) {
            balancer.pick(pool.latest(), TestPool.ANY, TestPool.NONE_TRIED);
            balancer.started(pool.target(name));
            balancer.finished(pool.target(name), outcome, outcome == Outcome.SUCCESS ? 1_000 : -1);
        }
    }
}
