package io.halite.config.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** All clients together take no more than a quarter of a core for long, and nobody waits who takes less. */
class AllowanceTest {
    private long now = 5_000_000_000L;
    private final Allowance allowance = new Allowance(() -> now);

    @Test
    void whoTakesLessNeverWaits() {
        for (int i = 0; i < 10_000; i++) {
            assertEquals(0, allowance.take(200_000));
            now += 1_000_000;
        }
    }

    @Test
    void whoAlwaysHasMoreToAskGetsAQuarter() {
        long start = now;
        long worked = 0;
        Random random = new Random(1);
        while (worked < 1_000_000_000L) {
            long burst = random.nextLong(1_000, 200_000);
            worked += burst;
            now += burst;
            now += allowance.take(burst);
        }
        double share = (double) worked / (now - start);
        assertTrue(share > 0.24 && share < 0.26, "share of a core: " + share);
    }

    @Test
    void manyAtATimeWaitOneBehindTheOther() {
        long last = -1;
        for (int i = 0; i < 100; i++) {
            long wait = allowance.take(10_000_000);
            assertTrue(wait > last, wait + " after " + last);
            last = wait;
        }
        assertEquals(Duration.ofMillis(100 * 40 - 20).toNanos(), last);
    }

    @Test
    void whatWasNotTakenIsNotSavedUp() {
        now += Duration.ofHours(1).toNanos();
        assertEquals(Duration.ofMillis(20).toNanos(), allowance.take(Duration.ofMillis(10).toNanos()));
    }
}
