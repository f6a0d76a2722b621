package io.halite.proxy.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes the lines of all loops to their destination, on a thread of its own. A destination that fails, such as a full
 * disk, costs lines and never a request; it is tried again.
 */
public final class LogWriter implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(LogWriter.class.getName());
    private static final long PAUSE_NANOS = 50_000_000;
    /** Without a line lost until people hear that none are any more. */
    private static final long CALM_NANOS = 60_000_000_000L;
    private static final long PATIENCE_SECONDS = 5;

    private final List<LineRing> rings = new ArrayList<>();
    private final @Nullable LogSink sink;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closing;
    private volatile long lost;

    // Only the thread that looks.
    private long seenDropped;
    private long lastDrop;
    private boolean dropping;

    private LogWriter(LogDestination destination, int loops) {
        sink = switch (destination) {
            case LogDestination.None none -> null;
            case LogDestination.StandardOutput output -> LogSink.standardOutput();
            case LogDestination.RotatedFile file -> new LogSink(file);
        };
        for (int loop = 0; sink != null && loop < loops; loop++) {
            rings.add(new LineRing());
        }
        thread = Thread.ofPlatform().name("access-log").daemon(true).unstarted(this::run);
    }

    /** Starts a writer for this many loops. */
    public static LogWriter start(LogDestination destination, int loops) {
        LogWriter writer = new LogWriter(destination, loops);
        writer.thread.start();
        return writer;
    }

    /** The ring of a loop; null when lines go nowhere. */
    public @Nullable LineRing ring(int loop) {
        return rings.isEmpty() ? null : rings.get(loop);
    }

    /** Lines written, or about to be. */
    public long written() {
        return Math.max(0, rings.stream().mapToLong(LineRing::lines).sum() - lost);
    }

    /** Lines dropped: they came faster than they could be written, or could not be written at all. */
    public long dropped() {
        return rings.stream().mapToLong(LineRing::dropped).sum() + lost;
    }

    /**
     * Tells people when lines begin to be dropped, and when none have been for a minute. Called now and then, by a thread
     * other than the writer's, which may hang in its destination.
     */
    public void look(long nanos) {
        long now = dropped();
        if (now > seenDropped) {
            if (!dropping) {
                LOGGER.log(System.Logger.Level.WARNING, "access log lines are dropped lines=" + (now - seenDropped)
                        + "; they come faster than their destination takes them, or it takes none");
            }
            dropping = true;
            lastDrop = nanos;
        } else if (dropping && nanos - lastDrop >= CALM_NANOS) {
            dropping = false;
            LOGGER.log(System.Logger.Level.INFO, "access log lines are not dropped any more all=" + now);
        }
        seenDropped = now;
    }

    /** Writes what is there and ends. The loops must have ended before. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        LogSink open = sink;
        if (open == null) {
            ended.countDown();
            return;
        }
        try {
            boolean last;
            do {
                last = closing;
                int moved = 0;
                for (LineRing ring : rings) {
                    moved += ring.take(open);
                }
                lost = open.lost();
                open.turnOver();
                if (moved < LineRing.CAPACITY / 4 && !last) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } while (!last);
        } finally {
            open.close();
            ended.countDown();
        }
    }
}
