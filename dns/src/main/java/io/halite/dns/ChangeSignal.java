package io.halite.dns;

import io.halite.config.Ticker;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes one thread when something changed or a time has come. Its lock is held for nothing else, so that it may be
 * raised from anywhere.
 */
final class ChangeSignal {
    private static final System.Logger LOGGER = System.getLogger(ChangeSignal.class.getName());

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition condition = lock.newCondition();
    private boolean raised;
    private boolean closed;
    private boolean hasDue;
    private long due;

    ChangeSignal(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Something changed. */
    void raise() {
        lock.lock();
        try {
            raised = true;
            condition.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What changed is dealt with, up to now; raises by itself after so many nanoseconds, {@code MAX_VALUE} never. */
    void settle(long nanos) {
        lock.lock();
        try {
            hasDue = nanos != Long.MAX_VALUE;
            due = ticker.nanos() + nanos;
            condition.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            condition.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a change, or its time, and takes it; false once closed. */
    boolean await() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !raised && !isDue()) {
                long left = condition.awaitNanos(hasDue ? Math.max(1, due - ticker.nanos()) : Long.MAX_VALUE);
                LOGGER.log(Level.TRACE, "dns compile thread woke left={0}", left);
            }
            raised = false;
            hasDue = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        return hasDue && due - ticker.nanos() <= 0;
    }

    /** Lets changes gather for so long. */
    void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closed) {
                left = condition.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
