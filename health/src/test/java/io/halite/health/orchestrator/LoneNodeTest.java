package io.halite.health.orchestrator;

import static io.halite.health.testing.Configs.check;
import static io.halite.health.testing.Configs.pool;
import static io.halite.health.testing.Configs.state;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.TargetRef;
import io.halite.config.store.ConfigState;
import io.halite.health.Health;
import io.halite.health.HealthTable;
import io.halite.health.ProbeCount;
import io.halite.health.ProbeOutcome;
import io.halite.health.TargetHealth;
import io.halite.health.Transition;
import io.halite.health.Verdict;
import io.halite.health.testing.FakeTarget;
import io.halite.health.testing.ManualTicker;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probing as one node that is its whole cluster does it. */
class LoneNodeTest {
    private static final TargetRef WEB = new TargetRef("web", "t0");
    private static final TargetRef OTHER = new TargetRef("other", "t0");
    private static final HealthCheck TCP = check(HealthCheck.Tcp.CONNECT, 100, 2, 2);
    private static final HealthCheck HTTP = check(HealthCheck.Http.get("/health"), 100, 2, 2);

    private final InProcessCluster cluster = new InProcessCluster();
    private final ClusterHealth checker = cluster.add("n1", ConfigState.EMPTY).health;

    @BeforeEach
    void elect() {
        cluster.elect("n1");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aNewTargetIsHealthyWithItsFirstSuccess() throws IOException {
        try (FakeTarget target = FakeTarget.answering(200, "ok")) {
            HealthCheck patient = check(HealthCheck.Http.get("/health"), 100, 1_000, 2);
            checker.activate(state(Map.of("web", pool(patient, target.address()))));
            TargetHealth health = awaitHealth(WEB, Health.HEALTHY);
            assertEquals("", health.reason());
            assertEquals("name-n1", health.prober());
            assertEquals("The health check passes: answered 200.", health.message());
            assertEquals(100, health.weightPercent());
        }
    }

    @Test
    void aKilledTargetFallsAndRisesAgain() throws IOException {
        try (FakeTarget target = FakeTarget.accepting()) {
            checker.activate(state(Map.of("web", pool(TCP, target.address()))));
            awaitHealth(WEB, Health.HEALTHY);
            target.stop();
            TargetHealth down = awaitHealth(WEB, Health.UNHEALTHY);
            assertEquals("Target.ConnectionRefused", down.reason());
            assertTrue(down.message().contains(target.address() + " refused the connection"), down.message());
            target.restart();
            awaitHealth(WEB, Health.HEALTHY);
            List<Transition> changes = checker.transitions(WEB);
            assertEquals(List.of(Health.HEALTHY, Health.UNHEALTHY, Health.HEALTHY),
                    changes.stream().map(Transition::to).toList());
            assertEquals("name-n1", changes.get(1).node());
            assertTrue(changes.get(1).took().toNanos() > 0);
        }
    }

    @Test
    void aTargetThatFallsAgainAndAgainIsHeldDownAndSaysSo() throws IOException {
        try (FakeTarget target = FakeTarget.answering(200, "ok")) {
            HealthCheck nervous = check(HealthCheck.Http.get("/health"), 100, 1, 1);
            checker.activate(state(Map.of("web", pool(nervous, target.address()))));
            for (int fall = 1; fall <= 6; fall++) {
                awaitHealth(WEB, Health.HEALTHY);
                target.become(target.http(500, ""));
                awaitHealth(WEB, Health.UNHEALTHY);
                target.become(target.http(200, "ok"));
            }
            await().until(() -> awaitHealth(WEB, Health.UNHEALTHY).reason().equals("Target.Flapping"));
            String message = awaitHealth(WEB, Health.UNHEALTHY).message();
            assertTrue(message.contains("it passes again, but fell more than 5 times in 5 minutes"), message);
            assertEquals(12, checker.transitions(WEB).size());
        }
    }

    @Test
    void oneFailureIsForgivenWhenTheNextProbePasses() throws IOException {
        try (FakeTarget target = FakeTarget.answering(200, "ok")) {
            checker.activate(state(Map.of("web", pool(HTTP, target.address()))));
            awaitHealth(WEB, Health.HEALTHY);
            target.become(connection -> {
                target.become(target.http(200, "ok"));
                target.http(500, "broken").serve(connection);
            });
            int before = target.connections.get();
            await().until(() -> target.connections.get() > before + 5);
            assertEquals(1, checker.transitions(WEB).size());
            assertEquals(Health.HEALTHY, checker.view().current().health(WEB));
        }
    }

    @Test
    void identicalProbesOfTwoPoolsAreOneProbe() throws IOException {
        try (FakeTarget target = FakeTarget.accepting()) {
            HealthCheck rare = check(HealthCheck.Tcp.CONNECT, 60_000, 2, 2);
            checker.activate(state(Map.of("web", pool(rare, target.address()), "other", pool(rare, target.address()))));
            awaitHealth(WEB, Health.HEALTHY);
            awaitHealth(OTHER, Health.HEALTHY);
            // The kernel took the connection before the target did.
            await().until(() -> target.connections.get() > 0);
            assertEquals(1, target.connections.get());
        }
    }

    @Test
    void maintenanceStopsProbesAndDrainDoesNot() throws IOException {
        try (FakeTarget target = FakeTarget.accepting()) {
            Map<String, io.halite.config.Pool> pools = Map.of("web", pool(TCP, target.address()));
            checker.activate(state(pools));
            awaitHealth(WEB, Health.HEALTHY);
            checker.activate(state(pools, Map.of(WEB, AdminState.DRAIN)));
            int drained = target.connections.get();
            await().until(() -> target.connections.get() > drained + 3);
            checker.activate(state(pools, Map.of(WEB, AdminState.MAINT)));
            TargetHealth maint = awaitHealth(WEB, Health.UNKNOWN);
            assertEquals("Target.Maintenance", maint.reason());
            int stopped = target.connections.get();
            await().during(Duration.ofMillis(500)).until(() -> target.connections.get() <= stopped + 1);
            checker.activate(state(pools));
            awaitHealth(WEB, Health.HEALTHY);
            assertEquals(List.of(Health.HEALTHY, Health.UNKNOWN, Health.HEALTHY),
                    checker.transitions(WEB).stream().map(Transition::to).toList());
            assertEquals("Target.Maintenance", checker.transitions(WEB).get(1).reason());
        }
    }

    @Test
    void aPoolWithoutCheckStaysUnknown() {
        checker.activate(state(Map.of("web", pool(HealthCheck.NONE, new HostPort("127.0.0.1", 9)))));
        await().until(() -> checker.view().current().get(WEB) != null);
        TargetHealth health = checker.view().current().targets().get(WEB);
        assertEquals(Health.UNKNOWN, checker.view().current().health(WEB));
        assertEquals("Target.HealthCheckDisabled", health == null ? "" : health.reason());
        assertTrue(checker.checkNow(WEB).isEmpty());
    }

    @Test
    void anotherCheckOfTheSameTargetKeepsItsHealthUntilItEarnsAnother() throws IOException {
        try (FakeTarget target = FakeTarget.answering(200, "ok")) {
            checker.activate(state(Map.of("web", pool(TCP, target.address()))));
            awaitHealth(WEB, Health.HEALTHY);
            List<Health> seen = new CopyOnWriteArrayList<>();
            checker.view().watch(table -> seen.add(table.health(WEB)));
            int before = target.connections.get();
            checker.activate(state(Map.of("web", pool(HTTP, target.address()))));
            await().until(() -> target.connections.get() > before + 3);
            assertFalse(seen.contains(Health.UNKNOWN), seen.toString());
            target.become(target.http(503, ""));
            assertEquals("Target.ResponseCodeMismatch", awaitHealth(WEB, Health.UNHEALTHY).reason());
        }
    }

    @Test
    void anUnrelatedChangeKeepsHistoryAndTurn() throws IOException {
        try (FakeTarget target = FakeTarget.accepting(); FakeTarget added = FakeTarget.accepting()) {
            HealthCheck rare = check(HealthCheck.Tcp.CONNECT, 60_000, 2, 2);
            checker.activate(state(Map.of("web", pool(rare, target.address()))));
            awaitHealth(WEB, Health.HEALTHY);
            for (int i = 0; i < 20; i++) {
                checker.activate(state(Map.of("web", pool(rare, target.address()),
                        "other", pool(rare, added.address()))));
            }
            awaitHealth(OTHER, Health.HEALTHY);
            // The kernel took the connection before the target did.
            await().until(() -> target.connections.get() > 0);
            assertEquals(1, target.connections.get());
            assertEquals(1, checker.transitions(WEB).size());
        }
    }

    @Test
    void aRemovedTargetLeavesTheView() throws IOException {
        try (FakeTarget target = FakeTarget.accepting()) {
            checker.activate(state(Map.of("web", pool(TCP, target.address()))));
            awaitHealth(WEB, Health.HEALTHY);
            checker.activate(state(Map.of()));
            await().until(() -> checker.view().current().get(WEB) == null);
        }
    }

    @Test
    void aCheckOnDemandAnswersWithTheEvidence() throws IOException {
        try (FakeTarget target = FakeTarget.answering(404, "")) {
            HealthCheck rare = check(HealthCheck.Http.get("/"), 60_000, 2, 2);
            checker.activate(state(Map.of("web", pool(rare, target.address())), Map.of(WEB, AdminState.MAINT)));
            ProbeOutcome outcome = checker.checkNow(WEB).orElseThrow();
            assertEquals(Verdict.FAILED, outcome.verdict());
            assertEquals("Target.ResponseCodeMismatch", outcome.reason());
            assertEquals("answered 404 where 200-399 is expected", outcome.message());
            assertTrue(checker.checkNow(new TargetRef("web", "none")).isEmpty());
        }
    }

    @Test
    void aSuspectedTargetIsSettledWithoutWaitingForItsTurn() throws IOException {
        try (FakeTarget target = FakeTarget.accepting()) {
            HealthCheck rare = check(HealthCheck.Tcp.CONNECT, 3_600_000, 2, 5);
            checker.activate(state(Map.of("web", pool(rare, target.address()))));
            awaitHealth(WEB, Health.HEALTHY);
            target.stop();
            checker.suspect(WEB);
            awaitHealth(WEB, Health.UNHEALTHY);
        }
    }

    @Test
    void aWatcherSeesTheLastTableAndNothingAfterClosing() throws IOException {
        try (FakeTarget target = FakeTarget.accepting()) {
            List<HealthTable> tables = new CopyOnWriteArrayList<>();
            var subscription = checker.view().watch(tables::add);
            checker.activate(state(Map.of("web", pool(TCP, target.address()))));
            await().until(() -> !tables.isEmpty() && tables.getLast().health(WEB) == Health.HEALTHY);
            subscription.close();
            int heard = tables.size();
            target.stop();
            awaitHealth(WEB, Health.UNHEALTHY);
            assertTrue(tables.size() <= heard + 1);
            for (int i = 1; i < tables.size(); i++) {
                assertTrue(tables.get(i).version() > tables.get(i - 1).version());
            }
        }
    }

    @Test
    void endedProbesAreCountedByKindAndVerdict() throws IOException {
        try (FakeTarget target = FakeTarget.answering(200, "ok")) {
            checker.activate(state(Map.of("web", pool(HTTP, target.address()),
                    "other", pool(TCP, new HostPort("127.0.0.1", closedPort())))));
            awaitHealth(WEB, Health.HEALTHY);
            awaitHealth(OTHER, Health.UNHEALTHY);
            assertTrue(counted("http", Verdict.PASSED) > 0);
            assertTrue(counted("tcp", Verdict.FAILED) >= 2);
            assertEquals(0, counted("tcp", Verdict.PASSED));
        }
    }

    @Test
    void anUnknownNameFailsWithItsOwnReason() {
        checker.activate(state(Map.of("web", pool(TCP, new HostPort("no-such-host.invalid", 80)))));
        TargetHealth down = awaitHealth(WEB, Health.UNHEALTHY);
        assertEquals("Target.NameNotResolved", down.reason());
    }

    @Test
    void aNameIsResolved() throws IOException {
        try (FakeTarget target = FakeTarget.accepting()) {
            checker.activate(state(Map.of("web", pool(TCP, new HostPort("localhost", target.address().port())))));
            awaitHealth(WEB, Health.HEALTHY);
        }
    }

    @Test
    void aPausedNodeVoidsItsTimeoutsAndATickingOneDoesNot() throws IOException {
        ManualTicker ticker = new ManualTicker();
        HealthCheck check = check(HealthCheck.Http.get("/"), 2_000, 1, 1);
        try (FakeTarget target = FakeTarget.answering(200, "ok");
                ClusterHealth paused = new ClusterHealth("lb-1", ticker, InstantSource.system())) {
            paused.activate(state(Map.of("web", pool(check, target.address()))));
            await().until(() -> tick(ticker, 5) && paused.view().current().health(WEB) == Health.HEALTHY);
            target.become(FakeTarget::silence);
            // As after a pause of the whole machine: ten seconds pass between two instructions.
            await().until(() -> tick(ticker, 10_000) && voided(paused) >= 5);
            assertEquals(Health.HEALTHY, paused.view().current().health(WEB));
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> tick(ticker, 5) && paused.view().current().health(WEB) == Health.UNHEALTHY);
            TargetHealth health = paused.view().current().get(WEB);
            assertTrue(health != null && health.reason().equals("Target.Timeout"));
        }
    }

    private static boolean tick(ManualTicker ticker, long millis) {
        ticker.advance(Duration.ofMillis(millis));
        return true;
    }

    private static long voided(ClusterHealth node) {
        return node.counters().stream().filter(c -> c.verdict() == Verdict.VOIDED)
                .mapToLong(ProbeCount::count).sum();
    }

    private long counted(String kind, Verdict verdict) {
        return checker.counters().stream().filter(c -> c.kind().equals(kind) && c.verdict() == verdict)
                .mapToLong(c -> c.count()).sum();
    }

    private static int closedPort() throws IOException {
        try (FakeTarget closed = FakeTarget.accepting()) {
            return closed.address().port();
        }
    }

    private TargetHealth awaitHealth(TargetRef target, Health health) {
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> checker.view().current().get(target) != null
                        && checker.view().current().health(target) == health);
        TargetHealth found = checker.view().current().get(target);
        if (found == null) {
            throw new AssertionError(target + " left the table");
        }
        return found;
    }
}
