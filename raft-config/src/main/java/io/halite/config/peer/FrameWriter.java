package io.halite.config.peer;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a link: a bounded queue and one virtual thread that writes it in order, flushing when it is
 * empty. Whoever offers never waits.
 */
final class FrameWriter {
    private static final long MAX_QUEUED_BYTES = 64L << 20;
    private static final int MAX_QUEUED = 16_384;
    private static final int BUFFER = 64 << 10;

    private final DataOutputStream out;
    private final BlockingQueue<Frame> queue = new LinkedBlockingQueue<>(MAX_QUEUED);
    private final AtomicLong queuedBytes = new AtomicLong();
    private final @Nullable Duration pingEvery;
    private final Runnable broken;
    private final Thread thread;

    /**
     * A writer that is to be started.
     *
     * @param pingEvery how long the link may be silent before a ping; null never pings
     * @param broken called once when writing failed
     */
    FrameWriter(String name, OutputStream out, @Nullable Duration pingEvery, Runnable broken) {
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
        this.pingEvery = pingEvery;
        this.broken = broken;
        this.thread = Thread.ofVirtual().name(name + "-write").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Queues a frame; false when the link cannot keep up. */
    boolean offer(Frame frame) {
        if (queuedBytes.addAndGet(frame.size()) > MAX_QUEUED_BYTES || !queue.offer(frame)) {
            queuedBytes.addAndGet(-frame.size());
            return false;
        }
        return true;
    }

    private void run() {
        try {
            while (true) {
                Frame frame = queue.poll();
                if (frame == null) {
                    out.flush();
                    frame = next();
                }
                frame.write(out);
                queuedBytes.addAndGet(-frame.size());
            }
        } catch (IOException e) {
            broken.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Frame next() throws InterruptedException {
        if (pingEvery == null) {
            return queue.take();
        }
        Frame frame = queue.poll(pingEvery.toMillis(), TimeUnit.MILLISECONDS);
        if (frame != null) {
            return frame;
        }
        Frame ping = Frame.of(Frame.Kind.PING);
        queuedBytes.addAndGet(ping.size());
        return ping;
    }

    void stop() {
        thread.interrupt();
    }
}
