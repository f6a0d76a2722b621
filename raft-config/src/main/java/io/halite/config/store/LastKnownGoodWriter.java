package io.halite.config.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last known good up to date on a thread of its own: at once after a change, and at most once a second while
 * changes keep coming. A disk that refuses is logged; the store itself decides what that means.
 */
public final class LastKnownGoodWriter implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(LastKnownGoodWriter.class.getName());
    private static final long SPACING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path dataDirectory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private @Nullable Content pending;
    private boolean closed;
    private boolean failing;

    public LastKnownGoodWriter(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
        this.thread = Thread.ofPlatform().daemon().name("last-known-good").start(this::run);
    }

    /** Takes the latest content; replaces one that is not written yet. */
    public void offer(Content content) {
        lock.lock();
        try {
            pending = content;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (Content next = take(); next != null; next = take()) {
                write(next);
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Content take() throws InterruptedException {
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

    private void pause() throws InterruptedException {
        lock.lock();
        try {
            for (long left = SPACING_NANOS; left > 0 && !closed;) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(Content content) {
        try {
            LastKnownGood.write(dataDirectory, content);
            failing = false;
        } catch (IOException | UncheckedIOException e) {
            if (!failing) {
                LOGGER.log(System.Logger.Level.ERROR,
                        "last known good not written directory=" + dataDirectory + " error=" + e.getMessage());
            }
            failing = true;
        }
    }

    /** Writes what is pending and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
