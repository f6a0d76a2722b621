package io.halite.config.store;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Holds the newest content for one thread that works by it: what comes while the thread is busy takes the place of what it
 * has not taken yet. Safe for any threads.
 */
final class Newest {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Content pending;
    private boolean closed;

    /**
     * Has this taken next, unless what waits is newer: a registration races with a publication, and nothing goes back.
     * After the end it is ignored.
     */
    void offer(Content content) {
        lock.lock();
        try {
            if (!closed && (pending == null || content.applied() >= pending.applied())) {
                pending = content;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for content and takes it; what was offered before the end is still taken, and then null. */
    @Nullable Content take() throws InterruptedException {
        lock.lock();
        try {
            while (pending == null && !closed) {
                changed.await();
            }
            Content next = pending;
            pending = null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Lets so many nanoseconds pass, or fewer when the end comes. */
    void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            for (long left = nanos; left > 0 && !closed;) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more comes; what waits is still to be taken. */
    void end() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more comes, and what waits is dropped. */
    void abandon() {
        lock.lock();
        try {
            pending = null;
            end();
        } finally {
            lock.unlock();
        }
    }
}
