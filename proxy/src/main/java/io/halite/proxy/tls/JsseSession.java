package io.halite.proxy.tls;

import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.TlsPeer;
import io.halite.proxy.relay.TlsSession;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** TLS by the Java runtime: there on every machine. */
final class JsseSession implements TlsSession {
    private final SSLEngine engine;
    private int consumed;
    private int produced;

    /** A session whose handshake begins. */
    JsseSession(SSLEngine engine) {
        this.engine = engine;
        try {
            engine.beginHandshake();
        } catch (SSLException impossible) {
            throw new IllegalStateException("a new engine cannot begin", impossible);
        }
    }

    @Override
    public Need need() {
        return switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> Need.TASK;
            case NEED_WRAP -> Need.WRITE;
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> Need.READ;
            case FINISHED, NOT_HANDSHAKING -> Need.NOTHING;
        };
    }

    @Override
    public Runnable task() {
        return () -> {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        };
    }

    @Override
    public Outcome decrypt(IoBuffer source, int from, int to, IoBuffer target, int at, int end) throws SSLException {
        return outcome(engine.unwrap(source.view(from, to - from), target.view(at, end - at)));
    }

    @Override
    public Outcome encrypt(IoBuffer source, int from, int to, IoBuffer target, int at, int end) throws SSLException {
        return outcome(engine.wrap(source.view(from, to - from), target.view(at, end - at)));
    }

    private Outcome outcome(SSLEngineResult result) {
        consumed = result.bytesConsumed();
        produced = result.bytesProduced();
        return switch (result.getStatus()) {
            case OK -> Outcome.DONE;
            case BUFFER_UNDERFLOW -> Outcome.MORE_INPUT;
            case BUFFER_OVERFLOW -> Outcome.MORE_ROOM;
            case CLOSED -> Outcome.CLOSED;
        };
    }

    @Override
    public int consumed() {
        return consumed;
    }

    @Override
    public int produced() {
        return produced;
    }

    @Override
    public void closeOutput() {
        engine.closeOutbound();
    }

    @Override
    public TlsPeer peer() {
        SSLSession session = engine.getSession();
        return new TlsPeer(session.getProtocol(), session.getCipherSuite(), protocol(), certificate(session));
    }

    private String protocol() {
        String agreed = engine.getApplicationProtocol();
        return agreed == null ? "" : agreed;
    }

    private static @Nullable X509Certificate certificate(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf ? leaf : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    @Override
    public void dispose() {
        // All of it is on the heap.
    }
}
