package io.halite.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.config.Algorithm;
import io.halite.config.HostPort;
import io.halite.config.TargetRef;
import io.halite.health.Health;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlgorithmsTest {
    private static final int PICKS = 60_000;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "5, 3, 2", "100, 10, 1", "1000, 1, 1"})
    void randomKeepsTheWeights(int a, int b, int c) {
        TestPool pool = TestPool.of(a, b, c).algorithm(new Algorithm.Random());

        assertShares(pool.picks(pool.balancer(0), PICKS), a, b, c);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "5, 3, 2", "100, 10, 1"})
    void leastRequestKeepsTheWeightsOfAnIdlePool(int a, int b, int c) {
        TestPool pool = TestPool.of(a, b, c).algorithm(new Algorithm.LeastRequest());

        assertShares(pool.picks(pool.balancer(0), PICKS), a, b, c);
    }

    @Test
    void randomAvoidsWhatIsOut() {
        TestPool pool = TestPool.of(100, 1, 1).algorithm(new Algorithm.Random());
        Balancer balancer = pool.balancer(0);
        TriedTargets tried = new TriedTargets();
        tried.add(pool.target("a"));
        for (int i = 0; i < 1_000; i++) {
            assertTrue(pool.target("a") != balancer.pick(pool.latest(), TestPool.ANY, tried));
        }
    }

    @Test
    void leastRequestFillsAccordingToWeight() {
        TestPool pool = TestPool.of(4, 2, 1, 1).algorithm(new Algorithm.LeastRequest());
        Balancer balancer = pool.balancer(0);
        for (int i = 0; i < 800; i++) {
            start(pool, balancer);
        }
        assertEquals(400, pool.target("a").load().inFlight(), 25);
        assertEquals(200, pool.target("b").load().inFlight(), 20);
        assertEquals(100, pool.target("c").load().inFlight(), 15);
    }

    @Test
    void leastRequestSeesWhatOtherLoopsSent() {
        TestPool pool = TestPool.of(1, 1).algorithm(new Algorithm.LeastRequest());
        Balancer one = pool.balancer(0);
        Balancer other = pool.balancer(1);
        for (int i = 0; i < 10; i++) {
            one.started(pool.target("a"));
        }
        for (int i = 0; i < 10; i++) {
            assertEquals("b", pool.pick(other));
        }
    }

    @Test
    void leastRequestGivesASlowTargetLess() {
        TestPool pool = TestPool.of(1, 1, 1).algorithm(new Algorithm.LeastRequest());
        Map<String, Integer> picks = simulate(pool, "a", Duration.ofMillis(50), Duration.ofMillis(10));

        assertTrue(picks.getOrDefault("a", 0) * 3 < picks.getOrDefault("b", 0), picks.toString());
        assertTrue(picks.getOrDefault("a", 0) > 0, picks.toString());
    }

    @Test
    void leastTimeGivesASlowTargetLessEvenWithOneRequestAtATime() {
        TestPool pool = TestPool.of(1, 1, 1).algorithm(new Algorithm.LeastTime());
        Balancer balancer = pool.balancer(0);
        Map<String, Integer> picks = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            TargetEntry target = picked(pool, balancer);
            picks.merge(target.ref().target(), 1, Integer::sum);
            balancer.started(target);
            Duration took = Duration.ofMillis(target.ref().target().equals("a") ? 50 : 10);
            pool.ticker.advance(took);
            balancer.finished(target, Outcome.SUCCESS, took.toNanos());
        }
        // Its average fades, so that it is asked again from time to time and would be noticed when it is quick again.
        assertTrue(picks.getOrDefault("a", 0) * 10 < picks.getOrDefault("b", 0), picks.toString());
        assertTrue(picks.getOrDefault("a", 0) > 0, picks.toString());
    }

    @Test
    void leastTimeNoticesAPeakAtOnce() {
        TargetLoad load = new TargetLoad(1);
        load.observe(0, 1_000, 0);
        load.observe(0, 500_000, 10);
        assertEquals(500_000, load.responseTime(0, 10), 1);
        load.observe(0, 1_000, Duration.ofSeconds(10).toNanos());
        assertEquals(500_000 / Math.E, load.responseTime(0, Duration.ofSeconds(10).toNanos()), 1_000);
    }

    @Test
    void leastTimeTriesAnUnknownTargetWithOneRequestAtATime() {
        TestPool pool = TestPool.of(1, 1).algorithm(new Algorithm.LeastTime());
        Balancer balancer = pool.balancer(0);
        balancer.started(pool.target("b"));
        balancer.finished(pool.target("b"), Outcome.SUCCESS, 1_000_000);
        assertEquals("a", pool.pick(balancer));

        balancer.started(pool.target("a"));

        assertEquals("bbbbb", pool.sequence(balancer, 5));
    }

    @Test
    void aQuickErrorDoesNotLookLikeAQuickAnswer() {
        TestPool pool = TestPool.of(1, 1).algorithm(new Algorithm.LeastTime()).ejection(1_000, 100);
        Balancer balancer = pool.balancer(0);
        for (String name : new String[] {"a", "b"}) {
            balancer.started(pool.target(name));
            balancer.finished(pool.target(name), Outcome.SUCCESS, name.equals("a") ? 2_000_000 : 1_000_000);
        }
        for (int i = 0; i < 100; i++) {
            balancer.started(pool.target("a"));
            balancer.finished(pool.target("a"), Outcome.SERVER_ERROR, 1_000);
        }
        assertEquals("bbbbb", pool.sequence(balancer, 5));
    }

    @Test
    void firstStaysAtTheFirstInDocumentOrder() {
        TestPool pool = TestPool.of(1, 100, 1).algorithm(new Algorithm.First());
        Balancer balancer = pool.balancer(0);
        assertEquals("aaaa", pool.sequence(balancer, 4));

        pool.health("a", Health.UNHEALTHY).table();

        assertEquals("bbbb", pool.sequence(balancer, 4));
    }

    @Test
    void anotherAlgorithmTakesOverAtOnce() {
        TestPool pool = TestPool.of(1, 1, 1);
        Balancer balancer = pool.balancer(0);
        assertEquals("ab", pool.sequence(balancer, 2));

        pool.algorithm(new Algorithm.First()).table();

        assertEquals("aaa", pool.sequence(balancer, 3));
    }

    @Test
    void aTargetWithoutAnAddressIsNotPicked() {
        TestPool pool = TestPool.of(1);
        TargetEntry unresolved = new TargetEntry(7, new TargetRef("pool", "a"),
                new HostPort("a.example", 80), TestPool.LOOPS);
        PoolTable table = new PoolTable(new PoolEntry(0, "pool", TestPool.LOOPS), 1, pool.latest().pool(),
                List.of(new PoolMember(unresolved, 1, AdminState.READY, Health.HEALTHY)),
                null, 0, new byte[] {1});
        Balancer balancer = new Balancer(0, table, pool.ticker, InstantSource.system(), _ -> { });
        assertEquals(null, balancer.pick(table, TestPool.ANY, TestPool.NONE_TRIED));

        unresolved.resolved(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));

        assertEquals(unresolved, balancer.pick(table, TestPool.ANY, TestPool.NONE_TRIED));
    }

    /** Thirty requests under way at all times, each ending after its target's time; returns how often each was picked. */
    private static Map<String, Integer> simulate(TestPool pool, String slow, Duration slowTime, Duration time) {
        record Request(TargetEntry target, long until) {}

        Balancer balancer = pool.balancer(0);
        Deque<Request> slowOnes = new ArrayDeque<>();
        Deque<Request> others = new ArrayDeque<>();
        Map<String, Integer> picks = new HashMap<>();
        for (int i = 0; i < 9_000; i++) {
            TargetEntry target = start(pool, balancer);
            boolean isSlow = target.ref().target().equals(slow);
            long takes = (isSlow ? slowTime : time).toNanos();
            (isSlow ? slowOnes : others).add(new Request(target, pool.ticker.nanos() + takes));
            picks.merge(target.ref().target(), 1, Integer::sum);
            if (slowOnes.size() + others.size() >= 30) {
                Request first = slowOnes.isEmpty() || (!others.isEmpty()
                        && others.getFirst().until() < slowOnes.getFirst().until())
                        ? others.removeFirst() : slowOnes.removeFirst();
                pool.ticker.advance(Duration.ofNanos(Math.max(0, first.until() - pool.ticker.nanos())));
                balancer.finished(first.target(), Outcome.SUCCESS, takes);
            }
        }
        return picks;
    }

    private static TargetEntry start(TestPool pool, Balancer balancer) {
        TargetEntry target = picked(pool, balancer);
        balancer.started(target);
        return target;
    }

    private static TargetEntry picked(TestPool pool, Balancer balancer) {
        TargetEntry target = balancer.pick(pool.latest(), TestPool.ANY, TestPool.NONE_TRIED);
        if (target == null) {
            throw new AssertionError("no target");
        }
        return target;
    }

    /** Within five standard deviations of the binomial. */
    private static void assertShares(Map<String, Integer> picks, int... weights) {
        double total = Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            double share = weights[i] / total;
            double allowed = 5 * Math.sqrt(PICKS * share * (1 - share));
            assertEquals(PICKS * share, picks.getOrDefault(String.valueOf((char) ('a' + i)), 0), allowed,
                    picks.toString());
        }
    }
}
