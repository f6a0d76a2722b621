package io.halite.health.probe;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.Ticker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VirtualPulseTest {
    private static final long LATER = Duration.ofHours(1).toNanos();

    @Test
    void nothingIsFeltWhileThereIsNothingToFeelFor() {
        try (VirtualPulse pulse = new VirtualPulse(Ticker.SYSTEM, new Lateness())) {
            assertEquals(0, pulse.overdue(Ticker.SYSTEM.nanos() + LATER));
            for (int time = 0; time < 3; time++) {
                pulse.wanted(true);
                await().until(() -> pulse.overdue(Ticker.SYSTEM.nanos() + LATER) > 0);
                pulse.wanted(false);
                await().until(() -> pulse.overdue(Ticker.SYSTEM.nanos() + LATER) == 0);
            }
        }
    }
}
