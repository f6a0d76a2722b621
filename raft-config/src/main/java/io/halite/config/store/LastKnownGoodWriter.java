package io.halite.config.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the last known good up to date on a thread of its own: at once after a change, and at most once a second while
 * changes keep coming. A disk that refuses is logged; the store itself decides what that means.
 */
public final class LastKnownGoodWriter implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(LastKnownGoodWriter.class.getName());
    private static final long SPACING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path dataDirectory;
    private final Newest newest = new Newest();
    private final Thread thread;
    private boolean failing;

    public LastKnownGoodWriter(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
        this.thread = Thread.ofPlatform().daemon().name("last-known-good").start(this::run);
    }

    /** Takes the latest content; replaces one that is not written yet. */
    public void offer(Content content) {
        newest.offer(content);
    }

    private void run() {
        try {
            for (Content next = newest.take(); next != null; next = newest.take()) {
                write(next);
                newest.pause(SPACING_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        newest.end();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
