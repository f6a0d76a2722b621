package io.halite.config.peer;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;

/**
 * A link that another node dialled and on which it was recognised: its requests come in here, in order, and answers go
 * back. Safe for use by many threads.
 */
public final class IncomingLink {
    private static final int BUFFER = 64 << 10;

    private final String from;
    private final String serial;
    private final Socket raw;
    private final DataInputStream in;
    private final FrameWriter writer;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final List<Runnable> closeListeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A link on an authenticated socket; the raw one beneath it is what is closed, for TLS may wait to say goodbye. */
    IncomingLink(Socket raw, SSLSocket secure) throws IOException {
        this.raw = raw;
        this.from = NodeCertificate.peerId(secure.getSession());
        this.serial = NodeCertificate.serial(secure.getSession());
        this.in = new DataInputStream(new BufferedInputStream(secure.getInputStream(), BUFFER));
        this.writer = new FrameWriter("peer-from-" + from, secure.getOutputStream(), null, this::close);
    }

    /** The node at the other end. */
    public String from() {
        return from;
    }

    String serial() {
        return serial;
    }

    /** Whether answers can still be heard. */
    public boolean isOpen() {
        return !closed.get();
    }

    /** Things that users of the link keep with it. */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /** Calls this once when the link is gone. */
    public void onClose(Runnable listener) {
        closeListeners.add(listener);
    }

    /** Where it comes from, for people. */
    public String remote() {
        return String.valueOf(raw.getRemoteSocketAddress());
    }

    Frame read(int maxBytes) throws IOException {
        return Frame.read(in, maxBytes);
    }

    void startWriting() {
        writer.start();
    }

    void send(Frame frame) {
        if (!writer.offer(frame)) {
            // It asks but does not read: whatever it is, it is no working node.
            close();
        }
    }

    /** Ends the link; the other node dials again if it wants. */
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writer.stop();
        try {
            raw.close();
        } catch (IOException ignored) {
            // Closed it is.
        }
        closeListeners.forEach(Runnable::run);
    }
}
