package io.halite.proxy.relay;

import io.halite.proxy.relay.TlsSession.Need;
import io.halite.proxy.relay.TlsSession.Outcome;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks TLS over another one. Its owner sees plain bytes and the same rules as on any connection; that
 * the handshake is over it hears by {@link ConnectionHandler#connected}, that it failed by {@link
 * ConnectionHandler#connectFailed}, on either side. Confined to the thread of its loop.
 *
 * <p>What TLS itself has to say while the peer takes nothing stops the reading too, so that a peer that only asks cannot
 * make us hold answers.
 */
public final class TlsConnection extends Connection {
    private enum State { CONNECTING, HANDSHAKE, OPEN, CLOSED }

    private static final System.Logger LOGGER = System.getLogger(TlsConnection.class.getName());
    private static final int READS_PER_TURN = 4;
    private static final IoBuffer NO_BYTES = new IoBuffer(0);

    private final Connection wire;
    private final TlsSession session;
    private final boolean server;
    /** What goes before the handshake, in plain text. */
    private final byte[] preamble;
    private final TlsInput input;
    private final TlsHandshake handshake;
    private State state;
    private @Nullable TlsPeer peer;
    private boolean broken;
    private boolean aborted;
    /** The peer asked for what it does not get: an orderly end would tell it that all is well. */
    private boolean refused;
    /** Bytes of the owner, encrypted, wait in the wire. */
    private boolean lagging;
    /** Records of our own wait until the wire takes them; nothing is read meanwhile. */
    private boolean stalled;
    private boolean shutWhenDrained;
    private boolean delivering;
    private boolean resumes;
    private boolean takenOver;

    private TlsConnection(
            Connection wire, TlsSession session, Executor crew, boolean server, byte[] preamble) {
        super(wire.loop(), wire.peerAddress(), wire.peerPort());
        this.wire = wire;
        this.session = session;
        this.server = server;
        this.preamble = preamble;
        input = new TlsInput(this, wire, session);
        handshake = new TlsHandshake(this, wire, session, input, crew);
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
        connection.handshake.awaitClient();
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
        return handshake.failure();
    }

    /** Whether the handshake is not over yet. */
    boolean isShaking() {
        return state == State.HANDSHAKE;
    }

    /** The handshake succeeded: bytes may flow. */
    void opened() {
        state = State.OPEN;
        interest(isReading(), false);
        established();
    }

    void handshakeFailed() {
        failConnecting(ConnectFailure.HANDSHAKE);
    }

    /** Sends what TLS has to say; false when the wire broke. */
    boolean sendRecords() throws SSLException {
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

    /** Has the wire closed once the peer has taken what it was told last. */
    void leave() {
        takenOver = true;
        loop().replace(this, wire);
        Farewell.to(wire, () -> { });
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
            refused = true;
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
        if (state == State.OPEN && !aborted && !refused) {
            sayClosed();
        }
        state = State.CLOSED;
        handshake.abandon();
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
            handshake.progress();
        }

        @Override
        public void connectFailed(Connection connection, ConnectFailure failure) {
            failConnecting(failure);
        }

        @Override
        public void readable(Connection connection) {
            if (state != State.HANDSHAKE) {
                deliver();
            } else {
                handshake.readable();
            }
        }

        @Override
        public void drained(Connection connection) {
            lagging = false;
            if (state == State.HANDSHAKE) {
                handshake.progress();
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
                handshakeFailed();
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
