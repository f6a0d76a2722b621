package io.halite.config.membership;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.peer.Presence;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a node that falls silent is missed: at once when its machine says nothing, later when its port still listens. */
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

    private void knock(long afterMillis, Presence found) {
        long at = now + afterMillis * MS;
        assertTrue(pulse.mayKnock(at));
        pulse.knocked(at, at, found);
    }

    @Test
    void onlyASilentNodeIsDialledAndByFewAtATime() {
        beats(200, 150);
        assertFalse(pulse.mayKnock(now + 450 * MS));
        assertTrue(pulse.mayKnock(now + 460 * MS));
        assertTrue(pulse.mayKnock(now + 500 * MS));
        assertFalse(pulse.mayKnock(now + 550 * MS));
    }

    @Test
    void aProcessThatEndedIsMissedAtOnce() {
        beats(200, 150);
        knock(460, Presence.NOBODY_THERE);
        assertTrue(isMissingAfter(461));
        assertFalse(pulse.mayKnock(now + 500 * MS));
    }

    @Test
    void aMachineThatDoesNotAnswerTwiceIsMissed() {
        beats(200, 150);
        knock(460, Presence.SILENT);
        assertFalse(isMissingAfter(461));
        knock(500, Presence.SILENT);
        assertTrue(isMissingAfter(501));
    }

    @Test
    void aStarvedNodeWhosePortListensIsNotMissedForTwoSeconds() {
        beats(200, 150);
        knock(460, Presence.SILENT);
        knock(500, Presence.LISTENING);
        assertFalse(pulse.mayKnock(now + 700 * MS));
        knock(800, Presence.SILENT);
        assertFalse(isMissingAfter(1_990));
        assertTrue(isMissingAfter(2_010));
    }

    @Test
    void aNodeThatIsHeardAgainIsNoLongerMissed() {
        beats(200, 150);
        knock(460, Presence.NOBODY_THERE);
        beats(1, 600);
        assertFalse(isMissingAfter(100));
        assertTrue(pulse.mayKnock(now + 460 * MS));
    }

    @Test
    void whatWasFoundBeforeTheLastBeatDoesNotCount() {
        beats(200, 150);
        long began = now + 460 * MS;
        assertTrue(pulse.mayKnock(began));
        beats(1, 500);
        pulse.knocked(began, now, Presence.NOBODY_THERE);
        assertFalse(isMissingAfter(1));
    }

    @Test
    void aNodeThatIsNotKnownYetIsGivenTime() {
        beats(2, 150);
        assertFalse(isMissingAfter(4_000));
    }

    @Test
    void aNodeThatWasSlowOnceIsGivenTimeForAWhile() {
        beats(200, 150);
        beats(1, 1_900);
        assertFalse(isMissingAfter(3_900));
        beats(200, 150);
        assertTrue(isMissingAfter(2_100));
    }

    @Test
    void whoeverWasAwayForLongIsNotWaitedForLongerThanFiveSeconds() {
        beats(200, 150);
        beats(1, 3_600_000);
        assertTrue(isMissingAfter(5_001));
    }

    @Test
    void whatThisNodeSleptThroughIsNotHeldAgainstTheOther() {
        beats(200, 150);
        now += 3_000 * MS;
        pulse.forgive(now);
        assertFalse(isMissingAfter(1_900));
        assertTrue(isMissingAfter(2_100));
    }
}
