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
    private static final long PAUSE_NANOS = 50_000_000;
    private static final long PATIENCE_SECONDS = 5;

    private final List<LineRing> rings = new ArrayList<>();
    private final @Nullable LogSink sink;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closing;
    private volatile long lost;

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
