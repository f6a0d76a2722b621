package io.halite.health.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatenessTest {
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
}
