package io.halite.config.store;

import io.halite.config.store.ConfigStore.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners what is in force, each on a thread of its own and conflated, so that none holds up the applying
 * thread or another listener.
 */
public final class Watchers implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Watchers.class.getName());

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    /** Registers a listener and tells it what is in force. */
    public Subscription add(Content first, Consumer<Content> listener) {
        Watcher watcher = new Watcher(listener);
        watchers.add(watcher);
        watcher.offer(first);
        watcher.thread.start();
        return watcher;
    }

    /** Tells everybody. */
    public void publish(Content content) {
        watchers.forEach(watcher -> watcher.offer(content));
    }

    @Override
    public void close() {
        watchers.forEach(Watcher::close);
    }

    private final class Watcher implements Subscription {
        private final Consumer<Content> listener;
        private final Thread thread = Thread.ofPlatform().daemon().name("config-watch").unstarted(this::run);
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private @Nullable Content pending;
        private boolean closed;

        Watcher(Consumer<Content> listener) {
            this.listener = listener;
        }

        void offer(Content content) {
            lock.lock();
            try {
                // A registration races with a publication: never go back.
                if (pending == null || content.applied() >= pending.applied()) {
                    pending = content;
                    changed.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        private void run() {
            try {
                for (Content next = take(); next != null; next = take()) {
                    tell(next);
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
                Content next = closed ? null : pending;
                pending = null;
                return next;
            } finally {
                lock.unlock();
            }
        }

        private void tell(Content content) {
            try {
                listener.accept(content);
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "config listener failed revision=" + content.state().revision(), e);
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
