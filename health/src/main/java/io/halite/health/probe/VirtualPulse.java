package io.halite.health.probe;

import io.halite.config.Ticker;
import java.util.concurrent.locks.LockSupport;

/**
 * Feels on a virtual thread what probes feel on theirs, but only while there are any: it wakes a carrier for each beat,
 * which a node that has little to probe should not pay all day. Safe for use by many threads.
 */
final class VirtualPulse implements AutoCloseable {
    private static final long BEAT = 20_000_000;

    private final Ticker ticker;
    private final Lateness.Pulse pulse;
    private final Thread thread;
    private volatile boolean wanted;
    private volatile boolean rests;
    private volatile boolean closed;

    /** Rests until it is wanted. */
    VirtualPulse(Ticker ticker, Lateness lateness) {
        this.ticker = ticker;
        pulse = lateness.new Pulse();
        thread = Thread.ofVirtual().name("probe-pulse").start(this::run);
    }

    /** Whether there are probes to feel for; cheap when nothing changes. */
    void wanted(boolean now) {
        wanted = now;
        if (now && rests) {
            rests = false;
            LockSupport.unpark(thread);
        }
    }

    /** How late it is already, not having come. */
    long overdue(long now) {
        return pulse.overdue(now);
    }

    private void run() {
        while (!closed) {
            if (wanted) {
                pulse.expect(ticker.nanos() + BEAT);
                LockSupport.parkNanos(this, BEAT);
                pulse.beat(ticker.nanos());
            } else {
                rest();
            }
        }
    }

    private void rest() {
        rests = true;
        while (rests && !wanted && !closed) {
            LockSupport.park(this);
        }
        rests = false;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
