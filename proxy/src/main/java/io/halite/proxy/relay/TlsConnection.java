package io.halite.proxy.relay;

import io.halite.proxy.relay.TlsSession.Need;
import io.halite.proxy.relay.TlsSession.Outcome;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks TLS over another one. Its owner sees plain bytes and the same rules as on any connection; that
 * the handshake is over it hears by {@link ConnectionHandler#connected}, that it failed by {@link
 * ConnectionHandler#connectFailed}, on either side. What takes long in a handshake is done by other threads. Confined to
 * the thread of its loop.
 *
 * <p>What TLS itself has to say while the peer takes nothing stops the reading too, so that a peer that only asks cannot
 * make us hold answers.
 */
public final class TlsConnection extends Connection {
    private enum State { CONNECTING, HANDSHAKE, OPEN, CLOSED }

    private static final System.Logger LOGGER = System.getLogger(TlsConnection.class.getName());
    /** A handshake message is rarely longer; what a client sends behind it waits in the kernel. */
    private static final int HANDSHAKE_INPUT = 4 * 1024;
    private static final int READS_PER_TURN = 4;
    private static final IoBuffer NO_BYTES = new IoBuffer(0);
    private static final String PLAIN_HTTP_BODY = "This port speaks HTTPS: begin the address with https://.\n";
    private static final byte[] PLAIN_HTTP_ANSWER = ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
            + "Content-Length: " + PLAIN_HTTP_BODY.length() + "\r\nConnection: close\r\n\r\n" + PLAIN_HTTP_BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private final Connection wire;
    private final TlsSession session;
    private final Executor crew;
    private final boolean server;
    /** What goes before the handshake, in plain text. */
    private final byte[] preamble;
    private final TlsInput input;
    private State state;
    private @Nullable TlsPeer peer;
    private boolean sniffed;
    /** A task of the handshake is under way. */
    private boolean working;
    private boolean broken;
    private boolean aborted;
    /** Bytes of the owner, encrypted, wait in the wire. */
    private boolean lagging;
    /** Records of our own wait until the wire takes them; nothing is read meanwhile. */
    private boolean stalled;
    private boolean shutWhenDrained;
    private boolean delivering;
    private boolean resumes;
    private boolean takenOver;
    private String failure = "the peer left in the middle of the handshake";
    /** Read by the crew, which need not work for a connection that is closed. */
    private volatile boolean gone;

    private TlsConnection(
            Connection wire, TlsSession session, Executor crew, boolean server, byte[] preamble) {
        super(wire.loop(), wire.peerAddress(), wire.peerPort());
        this.wire = wire;
        this.session = session;
        this.crew = crew;
        this.server = server;
        this.preamble = preamble;
        input = new TlsInput(this, wire, session);
        state = server ? State.HANDSHAKE : State.CONNECTING;
        wire.loop().replace(wire, this);
        wire.handler(new WireSide());
    }

    /**
     * Begins the handshake with a client.
     *
     * @param crew does what takes long in a handshake
     */
    public static TlsConnection accept(
            Connection socket, TlsSession session, Executor crew, ConnectionHandler handler) {
        TlsConnection connection = new TlsConnection(socket, session, crew, true, NO_BYTES.bytes());
        connection.handler(handler);
        socket.reading(true);
        return connection;
    }

    /**
     * Begins to connect, and then the handshake; the outcome comes through the handler, never before this returns.
     *
     * @param preamble what goes before the handshake, in plain text
     */
    public static TlsConnection connect(Loop loop, InetSocketAddress address, byte[] preamble, TlsSession session,
            Executor crew, ConnectionHandler handler) {
        TlsConnection connection = new TlsConnection(loop.connect(address, handler), session, crew, false, preamble);
        connection.handler(handler);
        return connection;
    }

    @Override
    public TlsPeer tls() {
        TlsPeer known = peer;
        if (known == null) {
            known = session.peer();
            peer = known;
        }
        return known;
    }

    /** Why the handshake failed. */
    public String failure() {
        return failure;
    }

    private void progress() {
        try {
            boolean goesOn = true;
            while (goesOn && state == State.HANDSHAKE) {
                goesOn = switch (session.need()) {
                    case TASK -> startTask();
                    case WRITE -> sendRecords() && !wire.hasPending();
                    case READ -> input.handshakeRecord();
                    case NOTHING -> opened();
                };
            }
        } catch (SSLException failed) {
            refuse(String.valueOf(failed.getMessage()));
        }
        if (state == State.HANDSHAKE) {
            // What comes while we are at work, or while our own flight waits, stays in the kernel.
            wire.reading(!working && !wire.hasPending());
        }
    }

    private boolean startTask() {
        Runnable task = session.task();
        working = true;
        crew.execute(() -> {
            try {
                if (!gone) {
                    task.run();
                }
            } finally {
                loop().execute(() -> loop().guard().run(this, this::taskDone));
            }
        });
        return false;
    }

    private void taskDone() {
        working = false;
        if (state == State.HANDSHAKE) {
            progress();
        }
    }

    private boolean opened() {
        state = State.OPEN;
        interest(isReading(), false);
        established();
        return false;
    }

    /** Sends what TLS has to say; false when the wire broke. */
    private boolean sendRecords() throws SSLException {
        while (session.need() == Need.WRITE && !wire.hasPending()) {
            IoBuffer out = loop().records();
            int filled = 0;
            while (session.need() == Need.WRITE && filled + TlsInput.RECORD <= out.size()) {
                Outcome outcome = session.encrypt(NO_BYTES, 0, 0, out, filled, out.size());
                filled += session.produced();
                if (outcome != Outcome.DONE && session.produced() == 0) {
                    break;
                }
            }
            if (filled == 0) {
                return true;
            }
            if (wire.send(out, 0, filled) == Sent.BROKEN) {
                broken = true;
                return false;
            }
        }
        return true;
    }

    /** The handshake failed by what the peer sent: it hears why, as far as TLS tells. */
    private void refuse(String reason) {
        failure = reason;
        LOGGER.log(Level.DEBUG, () -> "tls handshake failed reason=" + reason);
        try {
            if (sendRecords()) {
                leave();
            }
        } catch (SSLException again) {
            LOGGER.log(Level.DEBUG, () -> "tls alert not sent reason=" + again.getMessage());
        }
        failConnecting(ConnectFailure.HANDSHAKE);
    }

    private void leave() {
        takenOver = true;
        loop().replace(this, wire);
        Farewell.to(wire, () -> { });
    }

    /** Whether this is a client that took us for a plain HTTP server. */
    private boolean speaksPlainHttp() {
        if (!server || sniffed || input.firstByte() < 0) {
            return false;
        }
        sniffed = true;
        return input.firstByte() >= 'A' && input.firstByte() <= 'Z';
    }

    private void answerPlainHttp() {
        IoBuffer out = loop().records();
        System.arraycopy(PLAIN_HTTP_ANSWER, 0, out.bytes(), 0, PLAIN_HTTP_ANSWER.length);
        if (wire.send(out, 0, PLAIN_HTTP_ANSWER.length) != Sent.BROKEN) {
            leave();
        }
        failConnecting(ConnectFailure.HANDSHAKE);
    }

    @Override
    int receive(IoBuffer into, int offset, int length) {
        if (broken || state != State.OPEN) {
            return BROKEN;
        }
        try {
            int got = input.read(into, offset, length);
            broken = got == BROKEN;
            return got;
        } catch (SSLException failed) {
            LOGGER.log(Level.DEBUG, () -> "tls connection failed reason=" + failed.getMessage());
            broken = true;
            return BROKEN;
        }
    }

    boolean isServer() {
        return server;
    }

    /** Whether nothing is read because the peer does not take what TLS has to say. */
    boolean isStalled() {
        return stalled;
    }

    /** New keys, tickets: what TLS says between the bytes. A new handshake is not among it. */
    void serveItself() throws SSLException {
        Need need = session.need();
        if (need == Need.WRITE) {
            sendRecords();
            stalled = session.need() == Need.WRITE;
            if (stalled) {
                wire.reading(false);
            }
        } else if (need != Need.NOTHING) {
            throw new SSLException("the peer wants to negotiate again");
        }
    }

    @Override
    int transmit(IoBuffer from, int offset, int length) {
        int done = 0;
        try {
            while (done < length && !wire.hasPending()) {
                IoBuffer out = loop().records();
                int filled = 0;
                while (done < length && filled + TlsInput.RECORD <= out.size()) {
                    Outcome outcome = session.encrypt(from, offset + done, offset + length, out, filled, out.size());
                    if (outcome != Outcome.DONE) {
                        return BROKEN;
                    }
                    done += session.consumed();
                    filled += session.produced();
                }
                Sent sent = wire.send(out, 0, filled);
                if (sent == Sent.BROKEN) {
                    return BROKEN;
                }
                lagging = sent == Sent.PENDING;
            }
            return done;
        } catch (SSLException failed) {
            LOGGER.log(Level.DEBUG, () -> "tls connection failed reason=" + failed.getMessage());
            return BROKEN;
        }
    }

    @Override
    boolean lags() {
        return lagging;
    }

    @Override
    public long taken() {
        return wire.taken();
    }

    @Override
    void interest(boolean read, boolean write) {
        if (state == State.OPEN) {
            wire.reading(read && !stalled);
            resumeIfBuffered();
        }
    }

    /** Bytes that are here already make no socket readable. */
    private void resumeIfBuffered() {
        if (isReading() && !delivering && !resumes && hasBuffered()) {
            resumes = true;
            loop().inNextTurn(this::resume);
        }
    }

    private void resume() {
        resumes = false;
        deliver();
    }

    private boolean hasBuffered() {
        return broken || input.hasBuffered();
    }

    private void deliver() {
        delivering = true;
        for (int turn = 0; turn < READS_PER_TURN && isOpen() && isReading(); turn++) {
            loop().guard().ready(this, true, false, false, false);
            if (!hasBuffered()) {
                break;
            }
        }
        delivering = false;
        if (isOpen()) {
            resumeIfBuffered();
        }
    }

    @Override
    void detach() {
        // The wire has left the set, if need be.
    }

    @Override
    @Nullable ConnectFailure connectOutcome() {
        return null;
    }

    @Override
    @Nullable InetSocketAddress localAddress() {
        return wire.destination();
    }

    @Override
    void endOutput() {
        sayClosed();
        shutWhenDrained = wire.hasPending();
        if (!shutWhenDrained) {
            wire.shutdownOutput();
        }
    }

    private void sayClosed() {
        try {
            session.closeOutput();
            sendRecords();
        } catch (SSLException failed) {
            LOGGER.log(Level.DEBUG, () -> "tls end not sent reason=" + failed.getMessage());
        }
    }

    @Override
    void resetOnClose() {
        aborted = true;
    }

    @Override
    void release() {
        if (state == State.OPEN && !aborted) {
            sayClosed();
        }
        state = State.CLOSED;
        gone = true;
        input.clear();
        session.dispose();
        if (aborted && !takenOver) {
            wire.abort();
        } else if (!takenOver) {
            wire.close();
        }
    }

    /** What the connection below tells. */
    private final class WireSide implements ConnectionHandler {
        @Override
        public void connected(Connection connection) {
            state = State.HANDSHAKE;
            IoBuffer out = loop().records();
            System.arraycopy(preamble, 0, out.bytes(), 0, preamble.length);
            if (wire.send(out, 0, preamble.length) == Sent.BROKEN) {
                failConnecting(ConnectFailure.UNREACHABLE);
                return;
            }
            progress();
        }

        @Override
        public void connectFailed(Connection connection, ConnectFailure failure) {
            failConnecting(failure);
        }

        @Override
        public void readable(Connection connection) {
            if (state != State.HANDSHAKE) {
                deliver();
                return;
            }
            int got = input.fill(HANDSHAKE_INPUT);
            if (got < 0) {
                failConnecting(ConnectFailure.HANDSHAKE);
            } else if (speaksPlainHttp()) {
                answerPlainHttp();
            } else if (got > 0) {
                progress();
            }
        }

        @Override
        public void drained(Connection connection) {
            lagging = false;
            if (state == State.HANDSHAKE) {
                progress();
                return;
            }
            try {
                if (stalled) {
                    stalled = false;
                    serveItself();
                    interest(isReading(), false);
                }
                if (shutWhenDrained) {
                    endOutput();
                }
            } catch (SSLException failed) {
                broken = true;
            }
            ready(false, true, false, false);
        }

        @Override
        public void broken(Connection connection) {
            broken = true;
            if (state == State.OPEN) {
                ready(false, false, true, true);
            } else {
                failConnecting(ConnectFailure.HANDSHAKE);
            }
        }

        @Override
        public void failed(Connection connection) {
            TlsConnection.this.failed();
        }

        @Override
        public void expired(Connection connection) {
            // Deadlines are the owner's, and hang on the outer connection.
        }
    }
}
