package io.halite.health.orchestrator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.Pool;
import io.halite.config.TargetRef;
import io.halite.config.store.ConfigState;
import io.halite.health.Health;
import io.halite.health.HealthTable;
import io.halite.health.ProbeCount;
import io.halite.health.TargetHealth;
import io.halite.health.Verdict;
import io.halite.health.testing.Configs;
import io.halite.health.testing.FakeTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A node without processor time must not take its targets for dead: what envoy#28699 describes. */
@Isolated("it takes the processor time of the whole process")
class StarvationTest {
    private static final int LISTENERS = 8;
    private static final TargetRef DEAD = new TargetRef("dead", "t0");

    private record Result(Set<TargetRef> falselyDown, List<ProbeCount> counts, boolean deadFound) {}

    @Test
    void thousandsOfTcpChecksOnAStarvedNodeHaveNoFalseDown() throws IOException {
        Result result = starve(HealthCheck.Tcp.CONNECT, 5_000, 8, Duration.ofSeconds(6));
        assertEquals(Set.of(), result.falselyDown);
        assertTrue(result.deadFound, "a refusal is evidence even on a starved node");
    }

    @Test
    @Tag("long")
    void norHaveHttpChecks() throws IOException {
        Result result = starve(HealthCheck.Http.get("/health"), 3_000, 16, Duration.ofSeconds(60));
        assertEquals(Set.of(), result.falselyDown);
        assertTrue(result.deadFound);
    }

    private static Result starve(HealthCheck.Kind kind, int checks, int burners, Duration time) throws IOException {
        HealthCheck check = new HealthCheck(kind, Duration.ofSeconds(1), Duration.ofMillis(250), 2, 2);
        List<FakeTarget> listeners = new ArrayList<>();
        AtomicBoolean burn = new AtomicBoolean(true);
        try (InProcessCluster cluster = new InProcessCluster();
                FakeTarget mortal = FakeTarget.accepting()) {
            for (int i = 0; i < LISTENERS; i++) {
                listeners.add(FakeTarget.answering(200, "ok"));
            }
            HostPort[] addresses = new HostPort[checks];
            for (int i = 0; i < checks; i++) {
                addresses[i] = new HostPort("127.0." + (1 + i / 250) + "." + (1 + i % 250),
                        listeners.get(i % LISTENERS).address().port());
            }
            Map<String, Pool> pools = Map.of("many", Configs.pool(check, addresses),
                    DEAD.pool(), Configs.pool(check, mortal.address()));
            Set<TargetRef> down = ConcurrentHashMap.newKeySet();
            ClusterHealth checker = cluster.add("n1", ConfigState.EMPTY).health;
            cluster.elect("n1");
            checker.view().watch(table -> down(table).forEach(down::add));
            checker.activate(Configs.state(pools));
            for (int i = 0; i < burners; i++) {
                Thread.ofPlatform().daemon().start(() -> burn(burn));
            }
            await().until(() -> checker.view().current().health(DEAD) != Health.UNKNOWN);
            mortal.stop();
            await().during(time).until(() -> true);
            await().until(() -> down.contains(DEAD));
            boolean dead = down.remove(DEAD);
            List<ProbeCount> counts = checker.counters();
            System.Logger logger = System.getLogger(StarvationTest.class.getName());
            logger.log(System.Logger.Level.INFO, "starved checks=" + checks + " counts=" + counts + " down=" + down);
            assertTrue(counts.stream().filter(c -> c.verdict() == Verdict.PASSED).mapToLong(ProbeCount::count).sum()
                    > checks);
            return new Result(down, counts, dead);
        } finally {
            burn.set(false);
            for (FakeTarget listener : listeners) {
                listener.close();
            }
        }
    }

    private static List<TargetRef> down(HealthTable table) {
        return table.targets().entrySet().stream().filter(e -> e.getValue().health() == Health.UNHEALTHY)
                .map(Map.Entry<TargetRef, TargetHealth>::getKey).toList();
    }

    private static void burn(AtomicBoolean goOn) {
        long x = 1;
        while (goOn.get()) {
            for (int i = 0; i < 1_000_000; i++) {
                x = x * 31 + i;
            }
        }
        assertTrue(x != 0);
    }
}
