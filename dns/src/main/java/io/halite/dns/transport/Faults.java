package io.halite.dns.transport;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Faults that whoever serves a socket survives, such as memory that is used up for a moment: a worker that ended would take
 * its part of all queries along, unseen. Told in the log ever more seldom. Safe for use by many threads.
 */
public final class Faults {
    private static final System.Logger LOGGER = System.getLogger(Faults.class.getName());
    /** Lets whatever is used up be freed. */
    private static final long PAUSE_NANOS = 10_000_000;

    private final AtomicLong count = new AtomicLong();

    /** Notes a fault, and waits for a moment. */
    public void survive(Throwable fault) {
        long so = count.incrementAndGet();
        if (Long.bitCount(so) == 1) {
            try {
                LOGGER.log(Level.ERROR, "dns worker met a fault and serves on times=" + so, fault);
            } catch (RuntimeException | Error again) {
                // Not even that can be told now; the next one that is a power of two will be.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
