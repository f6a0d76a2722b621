package io.halite.proxy.testing;

import io.halite.config.Ticker;
import java.time.Duration;

/** Time that passes only when a test says so. */
public final class ManualTicker implements Ticker {
    private long nanos = 1_000_000;

    @Override
    public long nanos() {
        return nanos;
    }

    /** Lets time pass. */
    public void advance(Duration duration) {
        nanos += duration.toNanos();
    }
}
