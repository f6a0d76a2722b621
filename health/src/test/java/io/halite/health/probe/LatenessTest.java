package io.halite.health.probe;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck;
import io.halite.config.TargetRef;
import io.halite.health.Health;
import io.halite.health.ProbeCount;
import io.halite.health.Verdict;
import io.halite.health.testing.Configs;
import io.halite.health.testing.FakeTarget;
import io.halite.health.testing.ManualTicker;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenessTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final TargetRef WEB = new TargetRef("web", "t0");
    private static final long MILLI = 1_000_000;

    @Test
    void theWorstLagOfAWindowIsKnown() {
        Lateness lateness = new Lateness();
        lateness.record(100 * MILLI, 50 * MILLI);
        lateness.record(200 * MILLI, 20 * MILLI);
        lateness.record(300 * MILLI, MILLI / 2);
        assertEquals(50 * MILLI, lateness.worstSince(100 * MILLI));
        assertEquals(20 * MILLI, lateness.worstSince(101 * MILLI));
        assertEquals(0, lateness.worstSince(201 * MILLI));
        for (int i = 0; i < 10_000; i++) {
            lateness.record(1_000 * MILLI + i, 2 * MILLI);
        }
        assertEquals(2 * MILLI, lateness.worstSince(0));
    }

    @Test
    void aPulseThatHasNotComeIsLateAlready() {
        Lateness lateness = new Lateness();
        Lateness.Pulse pulse = lateness.new Pulse();
        assertEquals(0, pulse.overdue(99 * MILLI));
        pulse.expect(10 * MILLI);
        assertEquals(30 * MILLI, pulse.overdue(40 * MILLI));
        pulse.beat(50 * MILLI);
        assertEquals(0, pulse.overdue(60 * MILLI));
        assertEquals(40 * MILLI, lateness.worstSince(45 * MILLI));
    }

    @Test
    void aPausedNodeVoidsItsTimeoutsAndATickingOneDoesNot() throws IOException {
        ManualTicker ticker = new ManualTicker();
        HealthCheck check = Configs.check(HealthCheck.Http.get("/"), 2_000, 1, 1);
        try (FakeTarget target = FakeTarget.answering(200, "ok");
                HealthChecker checker = new HealthChecker("lb-1", ticker, InstantSource.system())) {
            checker.activate(Configs.state(Map.of("web", Configs.pool(check, target.address()))));
            await().atMost(LIMIT).until(() -> tick(ticker, 5) && checker.view().current().health(WEB) == Health.HEALTHY);
            target.become(FakeTarget::silence);
            // As after a pause of the whole machine: ten seconds pass between two instructions.
            await().atMost(LIMIT).until(() -> tick(ticker, 10_000) && voided(checker) >= 5);
            assertEquals(Health.HEALTHY, checker.view().current().health(WEB));
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(5))
                    .until(() -> tick(ticker, 5) && checker.view().current().health(WEB) == Health.UNHEALTHY);
            var health = checker.view().current().get(WEB);
            assertTrue(health != null && health.reason().equals("Target.Timeout"));
        }
    }

    private static boolean tick(ManualTicker ticker, long millis) {
        ticker.advance(Duration.ofMillis(millis));
        return true;
    }

    private static long voided(HealthChecker checker) {
        return checker.counters().stream().filter(c -> c.verdict() == Verdict.VOIDED)
                .mapToLong(ProbeCount::count).sum();
    }
}
