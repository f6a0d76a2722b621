package io.halite.config.store;

import io.halite.config.store.ConfigStore.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

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
        watcher.newest.offer(first);
        watcher.thread.start();
        return watcher;
    }

    /** Tells everybody. */
    public void publish(Content content) {
        watchers.forEach(watcher -> watcher.newest.offer(content));
    }

    @Override
    public void close() {
        watchers.forEach(Watcher::close);
    }

    private final class Watcher implements Subscription {
        private final Consumer<Content> listener;
        private final Thread thread = Thread.ofPlatform().daemon().name("config-watch").unstarted(this::run);
        private final Newest newest = new Newest();

        Watcher(Consumer<Content> listener) {
            this.listener = listener;
        }

        private void run() {
            try {
                for (Content next = newest.take(); next != null; next = newest.take()) {
                    tell(next);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
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
            newest.abandon();
        }
    }
}
