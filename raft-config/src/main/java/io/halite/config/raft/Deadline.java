package io.halite.config.raft;

import io.halite.config.Ticker;
import java.time.Duration;

/** A moment after which nobody waits any more. Immutable. */
final class Deadline {
    private final Ticker ticker;
    private final long end;

    Deadline(Ticker ticker, Duration fromNow) {
        this.ticker = ticker;
        this.end = ticker.nanos() + fromNow.toNanos();
    }

    /** Nanoseconds left; 0 when it is over. */
    long left() {
        return Math.max(0, end - ticker.nanos());
    }

    Duration leftAsDuration() {
        return Duration.ofNanos(left());
    }

    boolean isOver() {
        return left() == 0;
    }
}
