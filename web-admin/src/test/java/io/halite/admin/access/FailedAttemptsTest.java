package io.halite.admin.access;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The bound on failed attempts: a burst, then one at a time, for each source by itself. */
class FailedAttemptsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final FailedAttempts attempts = new FailedAttempts(now::get);

    @Test
    void aBurstIsTakenAndThenOneForEachPause() {
        for (int i = 0; i < FailedAttempts.BURST; i++) {
            assertFalse(attempts.isTooMany("10.0.0.1"), "attempt " + i);
        }
        assertTrue(attempts.isTooMany("10.0.0.1"));
        now.addAndGet(FailedAttempts.PAUSE.toNanos());
        assertFalse(attempts.isTooMany("10.0.0.1"));
        assertTrue(attempts.isTooMany("10.0.0.1"));
        now.addAndGet(FailedAttempts.PAUSE.multipliedBy(FailedAttempts.BURST).toNanos());
        for (int i = 0; i < FailedAttempts.BURST; i++) {
            assertFalse(attempts.isTooMany("10.0.0.1"), "whole again, attempt " + i);
        }
    }

    @Test
    void oneSourceDoesNotSpendTheAttemptsOfAnother() {
        for (int i = 0; i <= FailedAttempts.BURST; i++) {
            attempts.isTooMany("10.0.0.1");
        }
        assertTrue(attempts.isTooMany("10.0.0.1"));
        assertFalse(attempts.isTooMany("10.0.0.2"));
    }
}
