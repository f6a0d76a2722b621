package io.halite.config.store;

import io.halite.config.store.ConfigStore.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners of the state, each on a thread of its own and conflated, so that none holds up the applying thread
 * or another listener.
 */
public final class Watchers implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Watchers.class.getName());

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    /** Registers a listener and tells it the state it begins with. */
    public Subscription add(ConfigState first, Consumer<ConfigState> listener) {
        Watcher watcher = new Watcher(listener);
        watchers.add(watcher);
        watcher.offer(first);
        watcher.thread.start();
        return watcher;
    }

    /** Tells everybody. */
    public void publish(ConfigState state) {
        watchers.forEach(watcher -> watcher.offer(state));
    }

    @Override
    public void close() {
        watchers.forEach(Watcher::close);
    }

    private final class Watcher implements Subscription {
        private final Consumer<ConfigState> listener;
        private final Thread thread = Thread.ofPlatform().daemon().name("config-watch").unstarted(this::run);
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private @Nullable ConfigState pending;
        private boolean closed;

        Watcher(Consumer<ConfigState> listener) {
            this.listener = listener;
        }

        void offer(ConfigState state) {
            lock.lock();
            try {
                // A registration races with a publication: never go back.
                if (pending == null || !isOlder(state, pending)) {
                    pending = state;
                    changed.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        private static boolean isOlder(ConfigState state, ConfigState than) {
            return state.revision().compareTo(than.revision()) < 0 || state.adminVersion() < than.adminVersion();
        }

        private void run() {
            try {
                for (ConfigState next = take(); next != null; next = take()) {
                    tell(next);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private @Nullable ConfigState take() throws InterruptedException {
            lock.lock();
            try {
                while (pending == null && !closed) {
                    changed.await();
                }
                ConfigState next = closed ? null : pending;
                pending = null;
                return next;
            } finally {
                lock.unlock();
            }
        }

        private void tell(ConfigState state) {
            try {
                listener.accept(state);
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "config listener failed revision=" + state.revision(), e);
            }
        }

        @Override
        public void close() {
            watchers.remove(this);
            lock.lock();
            try {
                closed = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}
