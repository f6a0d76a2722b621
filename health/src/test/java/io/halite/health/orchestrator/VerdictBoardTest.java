package io.halite.health.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.health.Health;
import io.halite.health.orchestrator.HealthMessage.Entry;
import io.halite.health.probe.ProbeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictBoardTest {
    private static final ProbeStatus UNKNOWN = ProbeStatus.initial(Instant.EPOCH);
    private static final ProbeStatus UP = SimulatedCluster.status(Health.HEALTHY);
    private static final ProbeStatus DOWN = SimulatedCluster.status(Health.UNHEALTHY);
    private static final long PROBE = 7;

    private final VerdictBoard board = new VerdictBoard(id -> id);

    private void owners(int vantages, String... nodes) {
        board.owners(PROBE, List.of(nodes), vantages, UNKNOWN);
    }

    private Health health() {
        return board.entry(PROBE, new Entry(PROBE, UNKNOWN, List.of())).status().health();
    }

    @Test
    void theOnlyVantageDecidesAlone() {
        owners(1, "a");
        assertEquals(Health.UNKNOWN, health());
        board.report(PROBE, "a", UP);
        assertEquals(Health.HEALTHY, health());
        assertEquals(List.of(), board.report(PROBE, "a", DOWN));
        assertEquals(Health.UNHEALTHY, health());
    }

    @Test
    void whoDoesNotProbeHasNoSay() {
        owners(1, "a");
        board.report(PROBE, "a", UP);
        board.report(PROBE, "b", DOWN);
        board.report(PROBE + 1, "a", DOWN);
        assertEquals(Health.HEALTHY, health());
    }

    @Test
    void unhealthyNeedsASecondVantageWhichIsAskedAtOnce() {
        for (int vantages : List.of(2, 3)) {
            owners(vantages, "a", "b", "c");
            board.report(PROBE, "a", UP);
            board.report(PROBE, "b", UP);
            assertEquals(List.of("b", "c"), board.report(PROBE, "a", DOWN));
            assertEquals(Health.HEALTHY, health());
            String evidence = board.entry(PROBE, new Entry(PROBE, UNKNOWN, List.of())).status().evidence();
            assertEquals("healthy; a sees it fail (unhealthy), which nobody confirms", evidence);
            assertEquals(List.of(), board.report(PROBE, "a", DOWN), "it asks once");
            board.report(PROBE, "b", DOWN);
            assertEquals(Health.UNHEALTHY, health());
            board.report(PROBE, "a", UP);
            assertEquals(Health.HEALTHY, health());
        }
    }

    @Test
    void aFormerOwnersWordIsForgottenButItsResultHoldsUntilTheNextReports() {
        owners(1, "a");
        board.report(PROBE, "a", DOWN);
        owners(1, "b");
        assertEquals(Health.UNHEALTHY, health());
        board.report(PROBE, "a", UP);
        assertEquals(Health.UNHEALTHY, health());
        board.report(PROBE, "b", UP);
        assertEquals(Health.HEALTHY, health());
    }

    @Test
    void withoutAnotherNodeOneVantageIsEnough() {
        owners(2, "a", "b");
        board.report(PROBE, "a", DOWN);
        board.report(PROBE, "b", UP);
        assertEquals(Health.HEALTHY, health());
        owners(1, "a");
        assertEquals(Health.UNHEALTHY, health());
    }

    @Test
    void whatWasInheritedHoldsUntilSomebodyReports() {
        board.inherit(List.of(new Entry(PROBE, DOWN, List.of("z"))));
        owners(1, "a");
        assertEquals(Health.UNHEALTHY, health());
        board.report(PROBE, "a", UP);
        assertEquals(Health.HEALTHY, health());
    }

    @Test
    void onlyChangesAreTakenOut() {
        owners(1, "a");
        board.takeChanged(10);
        board.report(PROBE, "a", UP);
        assertEquals(1, board.takeChanged(10).size());
        board.report(PROBE, "a", UP);
        assertFalse(board.hasChanged());
        board.report(PROBE, "a", DOWN);
        assertTrue(board.hasChanged());
        board.retain(Set.of());
        assertFalse(board.hasChanged());
    }
}
