package io.halite.proxy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Action;
import io.halite.config.AdminState;
import io.halite.config.Algorithm.HashKey;
import io.halite.config.Algorithm;
import io.halite.config.Ejection;
import io.halite.config.HostPort;
import io.halite.config.PathMatch;
import io.halite.config.Pool;
import io.halite.config.Protocol;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.Target;
import io.halite.config.Upstream;
import io.halite.health.Health;
import io.halite.proxy.balance.Outcome;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.route.ReadyAnswer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingTableCompilerTest {
    private final TestConfig config = new TestConfig()
            .pool("one", "10.0.0.1:80", "10.0.0.2:80")
            .pool("two", "10.0.1.1:80")
            .balancer("shop", Protocol.HTTP, 80, TestConfig.forward("r1", "one"))
            .balancer("docs", Protocol.HTTP, 81, TestConfig.forward("r1", "two"))
            .relay("db", 5432, "two");

    @Test
    void everyListenerAndPoolIsThere() {
        ForwardingTable table = config.table();

        assertEquals("[db/raw, docs/web, shop/web]", table.listeners().keySet().toString());
        assertEquals("[one, two]", table.pools().keySet().toString());
        ListenerTable relay = listener(table, "db/raw");
        assertSame(pool(table, "two"), table.pool(relay.pool()));
        assertTrue(relay.routes().routes().isEmpty());
        assertEquals(ListenerTable.NO_POOL, listener(table, "shop/web").pool());
        assertEquals(1, table.revision().number());
    }

    @Test
    void nothingIsRebuiltWhenNothingChanged() {
        ForwardingTable before = config.table();
        ForwardingTable after = config.table();

        before.pools().forEach((name, pool) -> assertSame(pool, pool(after, name)));
        before.listeners().forEach((label, listener) -> assertSame(listener, listener(after, label)));
    }

    @Test
    void aHealthChangeRebuildsItsPoolOnly() {
        ForwardingTable before = config.table();
        ForwardingTable after = config.health("one", "t1", Health.UNHEALTHY).table();

        assertNotSame(pool(before, "one"), pool(after, "one"));
        assertSame(pool(before, "two"), pool(after, "two"));
        before.listeners().forEach((label, listener) -> assertSame(listener, listener(after, label)));
        assertTrue(pool(after, "one").version() > pool(before, "one").version());
    }

    @Test
    void aChangedRouteRebuildsItsLoadBalancerOnly() {
        ForwardingTable before = config.table();
        ForwardingTable after = config.balancer("shop", Protocol.HTTP, 80, TestConfig.forward("r1", "two")).table();

        assertNotSame(listener(before, "shop/web"), listener(after, "shop/web"));
        assertSame(listener(before, "docs/web"), listener(after, "docs/web"));
        assertSame(pool(before, "one"), pool(after, "one"));
    }

    @Test
    void aTargetIsTheSameObjectWhileItsNameAndAddressStay() {
        ForwardingTable before = config.table();
        TargetEntry first = target(before, "one", 0);
        TargetEntry second = target(before, "one", 1);
        first.load().started(0);

        ForwardingTable after = config.pool("one", "10.0.0.1:80", "10.0.0.99:80", "10.0.0.3:80")
                .admin("one", "t1", AdminState.DRAIN).table();

        assertSame(first, target(after, "one", 0));
        assertEquals(1, target(after, "one", 0).load().inFlight());
        assertNotSame(second, target(after, "one", 1));
        assertNotEquals(second.id(), target(after, "one", 1).id());
        assertEquals("10.0.0.99:80", target(after, "one", 1).address().toString());
        assertSame(pool(before, "one").load(), pool(after, "one").load());
    }

    @Test
    void numbersStayWithTheirLabels() {
        ForwardingTable before = config.table();
        int pool = pool(before, "one").id();
        int route = route(before, "shop/web", "h", "/").id();
        int target = target(before, "one", 1).id();
        config.removePool("one").removeBalancer("shop").table();
        ForwardingTable back = config.pool("one", "10.0.0.1:80", "10.0.0.2:80")
                .balancer("shop", Protocol.HTTP, 80, TestConfig.forward("r1", "one"))
                .balancer("new", Protocol.HTTP, 82, TestConfig.forward("r1", "one")).table();

        assertEquals(pool, pool(back, "one").id());
        assertEquals(route, route(back, "shop/web", "h", "/").id());
        assertEquals(target, target(back, "one", 1).id());
        assertNotEquals(route, route(back, "new/web", "h", "/").id());
    }

    @Test
    void aSenselessRouteIsQuarantinedAloneAndStaysReported() {
        config.balancer("shop", Protocol.HTTP, 80,
                TestConfig.forward("bad", TestConfig.path(new PathMatch.Regex("/(")), "one", 1),
                TestConfig.forward("good", "one"));
        for (int i = 0; i < 2; i++) {
            Compilation compilation = config.compile();
            assertEquals(1, compilation.quarantined().size());
            Quarantined bad = compilation.quarantined().getFirst();
            assertEquals("loadBalancers/shop/routes/bad", bad.object());
            assertEquals("BAD_CONDITION", bad.code());
            assertTrue(bad.message().contains("missing closing )"), bad.message());
            assertEquals("shop/good", route(compilation.table(), "shop/web", "h", "/").label());
        }
        assertTrue(config.balancer("shop", Protocol.HTTP, 80).compile().quarantined().isEmpty());
    }

    @Test
    void aPoolThatCannotBeCompiledKeepsItsFormerTargets() {
        Pool good = pool(config.table(), "one").pool();
        Pool broken = new Pool(new Algorithm.Hash(new HashKey.Header("x")), null, good.check(), good.retries(),
                new Ejection(5, good.ejection().base(), 10), good.slowStart(), 50, 0, good.whenAllDown(), 1,
                List.of(good.targets().getFirst(), new Target("t2",
                        new HostPort("10.0.0.2", 80), -50)), Upstream.DEFAULT);

        Compilation compilation = config.pool("one", broken).pool("broken", broken).compile();

        assertEquals("[pools/broken, pools/one]",
                compilation.quarantined().stream().map(Quarantined::object).toList().toString());
        assertSame(good, pool(compilation.table(), "one").pool());
        assertNull(compilation.table().pools().get("broken"));
        assertSame(pool(compilation.table(), "two"), compilation.table().pools().get("two"));
    }

    @Test
    void redirectsAndAnswersAreReady() {
        ForwardingTable table = config.balancer("shop", Protocol.HTTP, 80,
                new Route("r1", TestConfig.path(new PathMatch.Exact("/old")),
                        new Action.Redirect("https://shop.example.com/new", 308)),
                new Route("r2", TestConfig.path(new PathMatch.Exact("/empty")), new Action.Respond(204, "", "text/plain")),
                new Route("r3", TestConfig.path(new PathMatch.Exact("/split")), new Action.Redirect("/x\r\nEvil: 1", 302)),
                new Route("r4", RouteMatch.ANY, new Action.Respond(503, "closed \u2603", "text/plain"))).table();

        ReadyAnswer redirect = assertInstanceOf(CompiledAction.Redirect.class,
                route(table, "shop/web", "h", "/old").action()).answer();
        assertEquals(308, redirect.status());
        assertEquals("Location: https://shop.example.com/new\r\nContent-Length: 0\r\n", text(redirect.fields()));
        ReadyAnswer empty = assertInstanceOf(CompiledAction.Respond.class,
                route(table, "shop/web", "h", "/empty").action()).answer();
        assertFalse(text(empty.fields()).contains("Content-Length"));
        assertInstanceOf(CompiledAction.Unavailable.class, route(table, "shop/web", "h", "/split").action());
        ReadyAnswer answer = assertInstanceOf(CompiledAction.Respond.class,
                route(table, "shop/web", "h", "/").action()).answer();
        assertEquals("Content-Type: text/plain\r\nContent-Length: 10\r\n", text(answer.fields()));
        assertEquals("closed \u2603", text(answer.body()));
    }

    @Test
    void aTargetThatPassesItsCheckAgainIsNoLongerEjected() {
        ForwardingTable table = config.health("one", "t1", Health.HEALTHY).health("one", "t2", Health.HEALTHY).table();
        LoopBalancers loop = new LoopBalancers(0, config.ticker, InstantSource.system(), _ -> { });
        TargetEntry target = target(table, "one", 0);
        for (int i = 0; i < 5; i++) {
            loop.of(pool(table, "one")).started(target);
            loop.of(pool(table, "one")).finished(target, Outcome.SERVER_ERROR, -1);
        }
        assertTrue(target.ejection().isEjected(config.ticker.nanos()));
        config.health("one", "t1", Health.UNHEALTHY).table();
        assertTrue(target.ejection().isEjected(config.ticker.nanos()));

        config.health("one", "t1", Health.HEALTHY).table();

        assertFalse(target.ejection().isEjected(config.ticker.nanos()));
    }

    /** Whatever path of changes led to a config, the table says the same as one compiled from nothing. */
    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43})
    void aTableThatSharesEqualsOneThatDoesNot(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < 200; step++) {
            String pool = random.nextBoolean() ? "one" : "two";
            String target = "t" + (1 + random.nextInt(2));
            switch (random.nextInt(4)) {
                case 0 -> config.pool(pool, "10.0.0." + random.nextInt(3) + ":80", "10.0.0.9:8" + random.nextInt(3));
                case 1 -> config.health(pool, target, List.of(Health.values()).get(random.nextInt(3)));
                case 2 -> config.admin(pool, target, List.of(AdminState.values()).get(random.nextInt(3)));
                default -> config.balancer("shop", Protocol.HTTP, 80 + random.nextInt(2),
                        TestConfig.forward("r" + random.nextInt(3), pool));
            }
            Compilation shared = config.compile();
            Compilation fresh = config.compileAnew();
            assertEquals(picture(fresh.table()), picture(shared.table()), "seed " + seed + " step " + step);
        }
    }

    private static String picture(ForwardingTable table) {
        StringBuilder picture = new StringBuilder();
        table.listeners().values().forEach(listener -> picture.append(listener.label()).append(listener.listener())
                .append(listener.routes().routes().stream().map(CompiledRoute::source).toList()));
        table.pools().values().forEach(pool -> picture.append(pool.name()).append(pool.pool())
                .append(pool.members().stream().map(member -> member.toString()).toList())
                .append(pool.eligibility().standings()));
        return picture.toString();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static CompiledRoute route(ForwardingTable table, String listener, String host, String path) {
        CompiledRoute route = listener(table, listener).routes().match(DescribedRequest.get(host, path).head());
        assertNotNull(route);
        return route;
    }

    private static TargetEntry target(ForwardingTable table, String pool, int position) {
        return pool(table, pool).members().get(position).entry();
    }

    private static PoolTable pool(ForwardingTable table, String name) {
        PoolTable pool = table.pools().get(name);
        assertNotNull(pool);
        return pool;
    }

    private static ListenerTable listener(ForwardingTable table, String label) {
        ListenerTable listener = table.listeners().get(label);
        assertNotNull(listener);
        return listener;
    }
}
