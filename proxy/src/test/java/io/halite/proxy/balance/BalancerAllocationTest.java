package io.halite.proxy.balance;

import io.halite.config.Algorithm.HashKey;
import io.halite.config.Algorithm;
import io.halite.health.Health;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.testing.Allocations;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BalancerAllocationTest {
    static Stream<Algorithm> algorithms() {
        return Stream.of(new Algorithm.RoundRobin(), new Algorithm.LeastRequest(), new Algorithm.LeastTime(),
                new Algorithm.Random(), new Algorithm.First(), new Algorithm.Hash(new HashKey.ClientAddress()),
                new Algorithm.Hash(new HashKey.Cookie("sid")), new Algorithm.Hash(new HashKey.Header("x-none")));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void aRequestAllocatesNothing(Algorithm algorithm) {
        TestPool pool = TestPool.of(100, 50, 50, 0, 100).algorithm(algorithm).slowStart(Duration.ofHours(1));
        pool.table();
        pool.health("b", Health.UNHEALTHY).table();
        pool.health("b", Health.HEALTHY).table();
        assertNoAllocation(pool, "x=y; sid=42");
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void norWithEqualWeights(Algorithm algorithm) {
        assertNoAllocation(TestPool.of(100, 100, 100).algorithm(algorithm), "sid=42");
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void norInALargePool(Algorithm algorithm) {
        int[] weights = new int[200];
        Arrays.setAll(weights, i -> 1 + i % 7);
        assertNoAllocation(TestPool.of(weights).algorithm(algorithm), "sid=42");
    }

    @Test
    void norWithACookie() {
        TestPool pool = TestPool.of(1, 1, 1).sticky("hlt");
        Balancer balancer = pool.balancer(0);
        byte[] out = new byte[balancer.cookieRoom()];
        int end = balancer.writeCookie(pool.target("b"), false, out, 0);
        String cookie = new String(out, 12, end - 12, StandardCharsets.US_ASCII).replaceAll(";.*\r\n", "");

        assertNoAllocation(pool, cookie);
        assertNoAllocation(pool, "hlt=AAAAAAAAAAAAAAAAAAAAAAAA");
    }

    private static void assertNoAllocation(TestPool pool, String cookie) {
        Balancer balancer = pool.balancer(0);
        PoolTable table = pool.latest();
        TriedTargets tried = new TriedTargets();
        byte[] out = new byte[256];
        RequestHead head = new DescribedRequest("GET", "h", "/x", List.of(Map.entry("Cookie", cookie)),
                InetAddress.ofLiteral("192.0.2.1")).head();
        Allocations.assertNone(() -> {
            tried.clear();
            TargetEntry first = balancer.pick(table, head, tried);
            if (first != null) {
                balancer.started(first);
                balancer.finished(first, Outcome.SERVER_ERROR, 900_000);
                tried.add(first);
                retry(balancer, table, head, tried, out);
            }
        });
    }

    private static void retry(Balancer balancer, PoolTable table, RequestHead head, TriedTargets tried, byte[] out) {
        TargetEntry second = balancer.retries().tryStart(20) ? balancer.pick(table, head, tried) : null;
        if (second != null) {
            balancer.started(second);
            if (balancer.needsCookie()) {
                balancer.writeCookie(second, true, out, 0);
            }
            balancer.finished(second, Outcome.SUCCESS, 1_000_000);
        }
        balancer.retries().finishedRetry();
    }
}
