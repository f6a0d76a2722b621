package io.halite.health;

import io.halite.config.store.ConfigStore.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The one reference through which a health table is published. Each watcher has a thread of its own, so that a slow
 * one delays nobody. Safe for use by many threads.
 */
public final class WatchedTable implements HealthView, AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(WatchedTable.class.getName());

    private final AtomicReference<HealthTable> table = new AtomicReference<>(HealthTable.EMPTY);
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    @Override
    public HealthTable current() {
        return table.get();
    }

    /** Swaps the table in and wakes the watchers. */
    public void publish(HealthTable next) {
        table.set(next);
        for (Watcher watcher : watchers) {
            LockSupport.unpark(watcher.thread);
        }
    }

    @Override
    public Subscription watch(Consumer<HealthTable> listener) {
        Watcher watcher = new Watcher(listener, table.get().version());
        watchers.add(watcher);
        watcher.thread.start();
        return watcher;
    }

    @Override
    public void close() {
        watchers.forEach(Watcher::close);
    }

    /** One watcher's thread: calls the listener with the last table, parks, calls again. */
    private final class Watcher implements Subscription {
        private final Consumer<HealthTable> listener;
        private final Thread thread = Thread.ofVirtual().name("health-watch").unstarted(this::run);
        private final long seenAtStart;
        private volatile boolean closed;

        Watcher(Consumer<HealthTable> listener, long seenAtStart) {
            this.listener = listener;
            this.seenAtStart = seenAtStart;
        }

        private void run() {
            long seen = seenAtStart;
            while (!closed) {
                HealthTable current = table.get();
                if (current.version() == seen) {
                    LockSupport.park(this);
                } else {
                    seen = current.version();
                    call(current);
                }
            }
        }

        private void call(HealthTable current) {
            try {
                listener.accept(current);
            } catch (RuntimeException bug) {
                LOGGER.log(System.Logger.Level.ERROR, "health watcher failed version=" + current.version(), bug);
            }
        }

        @Override
        public void close() {
            closed = true;
            watchers.remove(this);
            LockSupport.unpark(thread);
        }
    }
}
