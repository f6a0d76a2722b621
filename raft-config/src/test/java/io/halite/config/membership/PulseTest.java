package io.halite.config.membership;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a node that falls silent is missed: soon where beats are regular, later where they are not. */
class PulseTest {
    private static final long MS = Duration.ofMillis(1).toNanos();

    private final Pulse pulse = new Pulse(0);
    private long now;

    private void beats(int times, long everyMillis) {
        for (int i = 0; i < times; i++) {
            now += everyMillis * MS;
            pulse.beat(now);
        }
    }

    private boolean isMissingAfter(long millis) {
        return pulse.isMissing(now + millis * MS);
    }

    @Test
    void aRegularNodeIsMissedAfterThreeBeats() {
        beats(200, 200);
        assertFalse(isMissingAfter(600));
        assertTrue(isMissingAfter(620));
    }

    @Test
    void aNodeThatIsNotKnownYetIsGivenTime() {
        beats(2, 200);
        assertFalse(isMissingAfter(2_000));
    }

    @Test
    void aNodeThatWasSlowOnceIsGivenTimeForAWhile() {
        beats(200, 200);
        beats(1, 900);
        assertFalse(isMissingAfter(1_900));
        beats(200, 200);
        assertTrue(isMissingAfter(700));
    }

    @Test
    void whoeverWasAwayForLongIsNotWaitedForLongerThanFiveSeconds() {
        beats(200, 200);
        beats(1, 3_600_000);
        assertTrue(isMissingAfter(5_001));
    }

    @Test
    void whatThisNodeSleptThroughIsNotHeldAgainstTheOther() {
        beats(200, 200);
        now += 2_000 * MS;
        pulse.forgive(now);
        assertFalse(isMissingAfter(600));
        assertTrue(isMissingAfter(700));
    }
}
