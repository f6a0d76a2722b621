package io.halite.proxy.balance;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one loop at a time decide on an ejection in a pool, so that two cannot exceed its share together. No loop waits. */
public final class EjectionGate {
    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicLong ejections = new AtomicLong();

    boolean tryEnter() {
        return taken.compareAndSet(false, true);
    }

    void leave(boolean ejected) {
        if (ejected) {
            ejections.incrementAndGet();
        }
        taken.set(false);
    }

    /** Ejections in this pool since the process began. */
    public long count() {
        return ejections.get();
    }
}
