package io.halite.health.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck;
import io.halite.health.Health;
import io.halite.health.testing.Configs;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RiseFallTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RiseFall verdicts = new RiseFall(2, 3);
    private long now;

    private void passes(int times) {
        for (int i = 0; i < times; i++) {
            now += SECOND;
            verdicts.pass(now);
        }
    }

    private void fails(int times) {
        for (int i = 0; i < times; i++) {
            now += SECOND;
            verdicts.fail(now);
        }
    }

    @Test
    void theFirstPassIsEnoughButFailuresMustFall() {
        fails(2);
        assertEquals(Health.UNKNOWN, verdicts.health());
        fails(1);
        assertEquals(Health.UNHEALTHY, verdicts.health());
        RiseFall fresh = new RiseFall(2, 3);
        assertTrue(fresh.pass(1));
        assertEquals(Health.HEALTHY, fresh.health());
    }

    @Test
    void onlyVerdictsInARowCount() {
        passes(1);
        fails(2);
        passes(1);
        fails(2);
        assertEquals(Health.HEALTHY, verdicts.health());
        fails(1);
        assertEquals(Health.UNHEALTHY, verdicts.health());
        passes(1);
        fails(1);
        passes(1);
        assertEquals(Health.UNHEALTHY, verdicts.health());
        passes(1);
        assertEquals(Health.HEALTHY, verdicts.health());
    }

    @Test
    void anAdoptedHealthHasToBeOvercome() {
        verdicts.adopt(Health.HEALTHY);
        fails(2);
        assertEquals(Health.HEALTHY, verdicts.health());
        verdicts.adopt(Health.UNHEALTHY);
        passes(1);
        assertEquals(Health.UNHEALTHY, verdicts.health());
    }

    @Test
    void moreThanFiveFallsInFiveMinutesHoldATargetDownUntilItIsCalm() {
        for (int i = 0; i < 5; i++) {
            passes(2);
            fails(3);
        }
        passes(2);
        assertEquals(Health.HEALTHY, verdicts.health());
        fails(3);
        passes(30);
        assertEquals(Health.UNHEALTHY, verdicts.health());
        assertTrue(verdicts.isFlapping(now));
        fails(1);
        assertFalse(verdicts.isFlapping(now));
        passes(60);
        assertEquals(Health.UNHEALTHY, verdicts.health());
        passes(1);
        assertEquals(Health.HEALTHY, verdicts.health());
    }

    @Test
    void slowFlapsAreNoFlaps() {
        for (int i = 0; i < 20; i++) {
            passes(2);
            assertEquals(Health.HEALTHY, verdicts.health());
            fails(3);
            now += 60 * SECOND;
        }
    }

    @Test
    void theIntervalFollowsTheStateButTheWayBackIsNeverLongerThanRiseIntervals() {
        Pace byDefault = new Pace(HealthCheck.DEFAULT);
        assertEquals(5 * SECOND, byDefault.steadyNanos());
        assertEquals(SECOND, byDefault.changingNanos());
        assertEquals(5 * SECOND, byDefault.downNanos(299 * SECOND));
        assertEquals(9 * SECOND, byDefault.downNanos(301 * SECOND));
        Pace fast = new Pace(Configs.check(HealthCheck.Tcp.CONNECT, 200, 3, 3));
        assertEquals(SECOND / 5, fast.changingNanos());
        assertEquals(SECOND / 5, fast.downNanos(600 * SECOND));
        Pace slow = new Pace(Configs.check(HealthCheck.Tcp.CONNECT, 30_000, 2, 2));
        assertEquals(SECOND, slow.changingNanos());
        assertEquals(30 * SECOND, slow.downNanos(600 * SECOND));
        Pace patient = new Pace(Configs.check(HealthCheck.Tcp.CONNECT, 5_000, 10, 3));
        assertEquals(15 * SECOND, patient.downNanos(600 * SECOND));
    }
}
