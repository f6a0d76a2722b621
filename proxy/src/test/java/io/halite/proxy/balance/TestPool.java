package io.halite.proxy.balance;

import io.halite.config.AdminState;
import io.halite.config.Algorithm;
import io.halite.config.Ejection;
import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.Pool;
import io.halite.config.Retries;
import io.halite.config.Sticky;
import io.halite.config.TargetRef;
import io.halite.config.Upstream;
import io.halite.config.WhenAllDown;
import io.halite.health.Health;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.route.RequestHead;
import io.halite.proxy.testing.ManualTicker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A pool under test: its members are changed by name, then a table is compiled after the one before. */
final class TestPool {
    static final int LOOPS = 2;
    static final TriedTargets NONE_TRIED = new TriedTargets();
    static final RequestHead ANY = DescribedRequest.get("h", "/").head();
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** What health checking was told of. */
    final List<TargetRef> suspected = new ArrayList<>();
    final ManualTicker ticker = new ManualTicker();
    Instant time = Instant.parse("2026-01-01T00:30:00Z");
    private final InstantSource clock = () -> time;
    private final PoolEntry entry = new PoolEntry(0, "pool", LOOPS);
    private final Map<String, PoolMember> members = new LinkedHashMap<>();
    private Algorithm algorithm = Algorithm.DEFAULT;
    private @Nullable Sticky sticky;
    private Ejection ejection = new Ejection(5, Duration.ofSeconds(30), 100);
    private Duration slowStart = Duration.ZERO;
    private int panicThreshold = 50;
    private int minimumHealthy;
    private WhenAllDown whenAllDown = WhenAllDown.ALL;
    private @Nullable PoolTable table;
    private int version;
    private byte[] key = KEY;

    /** A pool of healthy targets named a, b, c … with these weights. */
    static TestPool of(int... weights) {
        TestPool pool = new TestPool();
        for (int i = 0; i < weights.length; i++) {
            pool.add(weights.length <= 26 ? String.valueOf((char) ('a' + i)) : "t" + i, weights[i]);
        }
        return pool;
    }

    TestPool algorithm(Algorithm some) {
        algorithm = some;
        return this;
    }

    TestPool sticky(String cookie) {
        sticky = new Sticky(cookie);
        return this;
    }

    TestPool ejection(int consecutive, int maxPercent) {
        ejection = new Ejection(consecutive, Duration.ofSeconds(30), maxPercent);
        return this;
    }

    TestPool longestEjection(Duration longest) {
        ejection = new Ejection(ejection.consecutive(), ejection.base(), ejection.maxPercent(), longest);
        return this;
    }

    TestPool slowStart(Duration window) {
        slowStart = window;
        return this;
    }

    TestPool panic(int threshold, WhenAllDown policy) {
        panicThreshold = threshold;
        whenAllDown = policy;
        return this;
    }

    TestPool minimumHealthy(int count) {
        minimumHealthy = count;
        return this;
    }

    TestPool key(byte... other) {
        key = other;
        return this;
    }

    TestPool add(String name, int weight) {
        int id = members.size();
        TargetEntry target = new TargetEntry(id, new TargetRef("pool", name), new HostPort("10.0.0.1", 80), LOOPS);
        members.put(name, new PoolMember(target, weight, AdminState.READY, Health.HEALTHY));
        return this;
    }

    TestPool remove(String name) {
        members.remove(name);
        return this;
    }

    TestPool weight(String name, int weight) {
        members.computeIfPresent(name, (same, was) ->
                new PoolMember(was.entry(), weight, was.priority(), was.adminState(), was.health()));
        return this;
    }

    TestPool admin(String name, AdminState state) {
        members.computeIfPresent(name, (same, was) -> new PoolMember(was.entry(), was.weight(),
                was.priority(), state, was.health()));
        return this;
    }

    TestPool health(String name, Health health) {
        members.computeIfPresent(name, (same, was) ->
                new PoolMember(was.entry(), was.weight(), was.priority(), was.adminState(), health));
        return this;
    }

    TestPool priority(int priority, String... names) {
        for (String name : names) {
            members.computeIfPresent(name, (same, was) -> new PoolMember(was.entry(), was.weight(), priority,
                    was.adminState(), was.health()));
        }
        return this;
    }

    TargetEntry target(String name) {
        PoolMember member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("no target " + name);
        }
        return member.entry();
    }

    /** Compiles what was changed. */
    PoolTable table() {
        Pool pool = new Pool(algorithm, sticky, HealthCheck.DEFAULT, Retries.DEFAULT, ejection, slowStart,
                panicThreshold, minimumHealthy, whenAllDown, 1, List.of(), Upstream.DEFAULT);
        PoolTable next = new PoolTable(entry, ++version, pool, List.copyOf(members.values()), table, ticker.nanos(), key);
        table = next;
        return next;
    }

    Balancer balancer(int loop) {
        return new Balancer(loop, table(), ticker, clock, suspected::add, new SplittableRandom(loop + 1));
    }

    /** The name of the target picked for a request without anything. */
    @Nullable String pick(Balancer balancer) {
        return pick(balancer, ANY);
    }

    @Nullable String pick(Balancer balancer, RequestHead head) {
        TargetEntry target = balancer.pick(latest(), head, NONE_TRIED);
        return target == null ? null : target.ref().target();
    }

    PoolTable latest() {
        return table == null ? table() : table;
    }

    /** How often each target is picked. */
    Map<String, Integer> picks(Balancer balancer, int count) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        members.keySet().forEach(name -> counts.put(name, 0));
        for (int i = 0; i < count; i++) {
            counts.merge(String.valueOf(pick(balancer)), 1, Integer::sum);
        }
        return counts;
    }

    /** The targets picked one after the other. */
    String sequence(Balancer balancer, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(String.valueOf(pick(balancer)));
        }
        return String.join("", names);
    }
}
