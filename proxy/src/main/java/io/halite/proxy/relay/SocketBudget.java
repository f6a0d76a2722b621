package io.halite.proxy.relay;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many sockets the loops of a process may hold together. The kernel deals new clients out by chance: a loop that got
 * more than its share takes of what others do not need, so that clients wait only when there is room nowhere. Safe for use
 * by all loops; no loop waits.
 */
public final class SocketBudget {
    private static final System.Logger LOGGER = System.getLogger(SocketBudget.class.getName());
    private static final long QUIET_NANOS = 60_000_000_000L;

    private final int most;
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger datagrams = new AtomicInteger();
    private final AtomicBoolean exhausted = new AtomicBoolean();
    /** Clients can have us run out as often as they like: people hear of it once a minute. */
    private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);
    private final AtomicBoolean told = new AtomicBoolean();

    /** A budget of so many descriptors. */
    public SocketBudget(int most) {
        this.most = most;
    }

    /** Sockets that are open. */
    public int used() {
        return sockets.get();
    }

    /** Sockets that may be open. */
    public int most() {
        return most;
    }

    /** Whether a further client may be accepted: an eighth is left for connections to targets. */
    boolean admits() {
        return sockets.get() < most - most / 8;
    }

    /** Whether a further connection to a target may be made. */
    boolean mayConnect() {
        return sockets.get() < most;
    }

    /** Whether a further sender of datagrams may have a socket: anybody sends under any address, so half is for others. */
    boolean mayConverse() {
        return mayConnect() && datagrams.get() < most / 2;
    }

    void opened() {
        sockets.incrementAndGet();
    }

    void closed() {
        int left = sockets.decrementAndGet();
        boolean recovers = exhausted.get() && left < most - most / 4 && exhausted.compareAndSet(true, false);
        if (recovers && told.compareAndSet(true, false)) {
            LOGGER.log(System.Logger.Level.INFO, "clients are accepted again sockets=" + left + " limit=" + most);
        }
    }

    void datagramsOpened() {
        opened();
        datagrams.incrementAndGet();
    }

    void datagramsClosed() {
        datagrams.decrementAndGet();
        closed();
    }

    /** Further clients wait in the kernel's queue, for want of descriptors here or of the system's. */
    void exhausted(long now) {
        long until = quietUntil.get();
        boolean isQuiet = until != Long.MIN_VALUE && now - until < 0;
        if (exhausted.compareAndSet(false, true) && !isQuiet) {
            quietUntil.set(now + QUIET_NANOS);
            told.set(true);
            LOGGER.log(System.Logger.Level.WARNING, "further clients wait for want of file descriptors sockets="
                    + sockets.get() + " limit=" + most
                    + "; LimitNOFILE of the service says how many there are, and one is used for each 8 KiB of the heap");
        }
    }
}
