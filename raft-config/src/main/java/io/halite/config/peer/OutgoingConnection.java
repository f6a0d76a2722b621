package io.halite.config.peer;

import io.halite.config.Ticker;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;

/** One authenticated connection that this node dialled. Safe for use by many threads. */
final class OutgoingConnection {
    private static final int BUFFER = 64 << 10;

    private final Socket raw;
    private final Ticker ticker;
    private final DataInputStream in;
    private final FrameWriter writer;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long lastHeard;

    OutgoingConnection(String name, Socket raw, SSLSocket secure, Duration idleTimeout, Ticker ticker)
            throws IOException {
        this.raw = raw;
        this.ticker = ticker;
        this.in = new DataInputStream(new BufferedInputStream(secure.getInputStream(), BUFFER));
        this.writer = new FrameWriter("peer-to-" + name, secure.getOutputStream(), idleTimeout.dividedBy(3),
                this::close);
        this.lastHeard = ticker.nanos();
        writer.start();
    }

    boolean send(Frame frame) {
        return writer.offer(frame);
    }

    Frame readFirst() throws IOException {
        return Frame.read(in, Frame.MAX_HELLO_BYTES);
    }

    /** When something last came in, by the ticker. */
    long lastHeard() {
        return lastHeard;
    }

    /** Hands over every answer, in order, until the connection breaks. */
    void receive(Consumer<Frame> receiver) throws IOException {
        while (true) {
            Frame frame = Frame.read(in, Frame.MAX_BYTES);
            lastHeard = ticker.nanos();
            if (frame.kind() == Frame.Kind.ANSWER || frame.kind() == Frame.Kind.FAILURE) {
                receiver.accept(frame);
            }
        }
    }

    void close() {
        if (closed.compareAndSet(false, true)) {
            writer.stop();
            try {
                raw.close();
            } catch (IOException ignored) {
                // Closed it is.
            }
        }
    }
}
