package io.halite.proxy.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The connections to a target that are open in this process, and how many of them each loop keeps idle. */
public final class TargetSockets {
    /** Each loop writes a cache line of its own. */
    private static final int LINE = 16;

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicIntegerArray idle;

    TargetSockets(int loops) {
        idle = new AtomicIntegerArray((loops + 1) * LINE);
    }

    /** Counts a connection that is about to be opened, unless there are so many already. */
    public boolean tryOpen(int limit) {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A connection was closed. */
    public void closed() {
        open.decrementAndGet();
    }

    /** Connections that are open, over all loops. */
    public int open() {
        return open.get();
    }

    /** A loop keeps so many connections for the next request; only its thread may call. */
    public void idle(int loop, int count) {
        idle.setPlain((loop + 1) * LINE, count);
    }

    /** Whether a request in this loop could have a connection; only its thread may call. */
    boolean hasRoom(int loop, int limit) {
        return open.get() < limit || idle.getPlain((loop + 1) * LINE) > 0;
    }
}
