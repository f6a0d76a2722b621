package io.halite.appliance;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started, closed in reverse, each part whatever became of the others. Confined to one thread at a time. */
final class Closers implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Closers.class.getName());

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    /** Remembers a part. */
    <T extends AutoCloseable> T add(T part) {
        started.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOGGER.log(System.Logger.Level.WARNING, "part not closed part=" + part.getClass().getName(), e);
            }
        }
    }
}
