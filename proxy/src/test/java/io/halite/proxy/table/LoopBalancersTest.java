package io.halite.proxy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.halite.config.Protocol;
import io.halite.config.RouteMatch;
import io.halite.proxy.balance.Balancer;
import io.halite.proxy.balance.Outcome;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.balance.TriedTargets;
import io.halite.proxy.route.CompiledAction.Forward;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.testing.Allocations;
import java.time.InstantSource;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoopBalancersTest {
    private static final RequestHead HEAD = DescribedRequest.get("h", "/").head();

    private final TestConfig config = new TestConfig()
            .pool("stable", "10.0.0.1:80", "10.0.0.2:80").pool("canary", "10.0.1.1:80").pool("off", "10.0.2.1:80")
            .balancer("shop", Protocol.HTTP, 80,
                    TestConfig.forward("r1", RouteMatch.ANY, "stable", 90, "canary", 10, "off", 0));
    private final LoopBalancers loop = new LoopBalancers(0, config.ticker, InstantSource.system(), _ -> { });

    @Test
    void aSplitGivesEachPoolItsShareWithinOnePercent() {
        ForwardingTable table = config.table();
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            counts.merge(name(loop, table), 1, Integer::sum);
        }
        assertEquals("{canary=100, stable=900}", counts.toString());
    }

    @Test
    void twoLoopsSplitEachForItself() {
        ForwardingTable table = config.table();
        LoopBalancers other = new LoopBalancers(1, config.ticker, InstantSource.system(), _ -> { });
        int canary = 0;
        for (int i = 0; i < 500; i++) {
            canary += name(loop, table).equals("canary") ? 1 : 0;
            canary += name(other, table).equals("canary") ? 1 : 0;
        }
        assertEquals(100, canary);
    }

    @Test
    void aPoolThatIsNotInTheTableLeavesItsShareToTheOthers() {
        ForwardingTable table = config.removePool("canary").table();
        for (int i = 0; i < 30; i++) {
            assertEquals("stable", name(loop, table));
        }
        assertNull(choose(loop, config.removePool("stable").table()));
    }

    @Test
    void aBalancerLivesAsLongAsItsPool() {
        ForwardingTable table = config.table();
        PoolTable stable = pool(table);
        Balancer balancer = loop.of(stable);
        loop.adopt(config.pool("stable", "10.0.0.7:80").table());
        assertSame(balancer, loop.of(stable));

        loop.adopt(config.removePool("stable").table());

        assertNotSame(balancer, loop.of(stable));
    }

    @Test
    void theWayFromRouteToTargetAllocatesNothing() {
        ForwardingTable table = config.table();
        ListenerTable listener = table.listeners().get("shop/web");
        assertNotNull(listener);
        TriedTargets tried = new TriedTargets();
        Allocations.assertNone(() -> {
            CompiledRoute route = listener.routes().match(HEAD);
            PoolTable pool = route != null && route.action() instanceof Forward forward
                    ? loop.choosePool(route, forward, table) : null;
            TargetEntry target = pool == null ? null : loop.of(pool).pick(pool, HEAD, tried);
            if (pool == null || target == null) {
                throw new AssertionError("no way");
            }
            loop.of(pool).started(target);
            loop.of(pool).finished(target, Outcome.SUCCESS, 1_000);
        });
    }

    private static String name(LoopBalancers loop, ForwardingTable table) {
        PoolTable pool = choose(loop, table);
        return pool == null ? "none" : pool.name();
    }

    private static @Nullable PoolTable choose(LoopBalancers loop, ForwardingTable table) {
        ListenerTable listener = table.listeners().get("shop/web");
        CompiledRoute route = listener == null ? null : listener.routes().match(HEAD);
        return route != null && route.action() instanceof Forward forward
                ? loop.choosePool(route, forward, table) : null;
    }

    private static PoolTable pool(ForwardingTable table) {
        PoolTable pool = table.pools().get("stable");
        assertNotNull(pool);
        return pool;
    }
}
