package io.halite.proxy.table;

import io.halite.config.Action;
import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.HostPort;
import io.halite.config.Limits;
import io.halite.config.Listener;
import io.halite.config.LoadBalancer;
import io.halite.config.PathMatch;
import io.halite.config.Pool;
import io.halite.config.Protocol;
import io.halite.config.Revision;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.Timeouts;
import io.halite.config.store.ConfigState;
import io.halite.health.Health;
import io.halite.health.HealthTable;
import io.halite.health.TargetHealth;
import io.halite.proxy.testing.ManualTicker;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A config, admin states and health that a test changes step by step, compiled after each step. */
final class TestConfig {
    final ManualTicker ticker = new ManualTicker();
    private final ForwardingTableCompiler compiler = newCompiler();
    private final TreeMap<String, LoadBalancer> balancers = new TreeMap<>();
    private final TreeMap<String, Pool> pools = new TreeMap<>();
    private final TreeMap<TargetRef, AdminOverride> overrides = new TreeMap<>();
    private final Map<TargetRef, TargetHealth> health = new HashMap<>();
    private ForwardingTable table = ForwardingTable.EMPTY;
    private int revision;

    TestConfig balancer(String name, Protocol protocol, int port, Route... routes) {
        balancers.put(name, new LoadBalancer(null,
                List.of(new Listener("web", new HostPort("0.0.0.0", port), protocol, List.of(), null)),
                List.of(routes), Timeouts.DEFAULT, Limits.DEFAULT));
        return this;
    }

    TestConfig relay(String name, int port, String pool) {
        balancers.put(name, new LoadBalancer(null,
                List.of(new Listener("raw", new HostPort("0.0.0.0", port), Protocol.TCP, List.of(), pool)),
                List.of(), Timeouts.DEFAULT, Limits.DEFAULT));
        return this;
    }

    TestConfig removeBalancer(String name) {
        balancers.remove(name);
        return this;
    }

    TestConfig pool(String name, String... addresses) {
        List<Target> targets = new ArrayList<>();
        for (String address : addresses) {
            int colon = address.lastIndexOf(':');
            targets.add(new Target("t" + (targets.size() + 1), new HostPort(address.substring(0, colon),
                    Integer.parseInt(address.substring(colon + 1))), 100));
        }
        return pool(name, Pool.of(targets));
    }

    TestConfig pool(String name, Pool pool) {
        pools.put(name, pool);
        return this;
    }

    TestConfig removePool(String name) {
        pools.remove(name);
        return this;
    }

    TestConfig health(String pool, String target, Health is) {
        health.put(new TargetRef(pool, target), new TargetHealth(is, "Test", "a test says so", "", Instant.EPOCH));
        return this;
    }

    TestConfig admin(String pool, String target, AdminState state) {
        overrides.put(new TargetRef(pool, target), new AdminOverride(state, "test", "", Instant.EPOCH));
        return this;
    }

    private ForwardingTableCompiler newCompiler() {
        return new ForwardingTableCompiler(2, ticker, "a key of the cluster".getBytes(StandardCharsets.US_ASCII));
    }

    Compilation compile() {
        Compilation compilation = compile(compiler, table);
        table = compilation.table();
        return compilation;
    }

    /** As after a start of the process. */
    Compilation compileAnew() {
        return compile(newCompiler(), ForwardingTable.EMPTY);
    }

    private Compilation compile(ForwardingTableCompiler with, ForwardingTable previous) {
        ClusterConfig config = new ClusterConfig(balancers, pools, Collections.emptySortedMap(),
                Collections.emptySortedMap(), Collections.emptySortedMap(), Collections.emptySortedMap());
        ConfigState state = new ConfigState(new Revision(++revision), config, 0, overrides);
        return with.compile(state, new HealthTable(revision, health), previous);
    }

    ForwardingTable table() {
        return compile().table();
    }

    static Route forward(String name, RouteMatch match, Object... poolsAndWeights) {
        List<Action.WeightedPool> split = new ArrayList<>();
        for (int i = 0; i < poolsAndWeights.length; i += 2) {
            split.add(new Action.WeightedPool((String) poolsAndWeights[i], (int) poolsAndWeights[i + 1]));
        }
        return new Route(name, match, new Action.Forward(split));
    }

    static Route forward(String name, String pool) {
        return forward(name, RouteMatch.ANY, pool, 100);
    }

    static RouteMatch path(PathMatch path) {
        return new RouteMatch(List.of(), path, List.of(), new TreeMap<>(Map.of()), new TreeMap<>(Map.of()),
                new TreeMap<>(Map.of()), List.of());
    }

    static RouteMatch host(String host) {
        return new RouteMatch(List.of(host), PathMatch.ANY, List.of(), new TreeMap<>(Map.of()), new TreeMap<>(Map.of()),
                new TreeMap<>(Map.of()), List.of());
    }
}
