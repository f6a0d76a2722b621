package io.halite.proxy.relay;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking stream socket of one loop, with a deadline and the bytes that the peer has not taken yet. Confined to
 * the thread of its loop.
 *
 * <p>Reading and writing are level-triggered and edge-free: a handler that was told of bytes and did not take them is
 * told again. Bytes that could not be sent at once wait in the connection; the sender of more must wait for
 * {@link ConnectionHandler#drained}, so that no more than one read of the other side is ever held.
 */
public abstract class Connection extends Timed {
    /** Nothing to read now. */
    public static final int AGAIN = 0;
    /** The peer sent all it will. */
    public static final int END = -1;
    /** The connection is broken. */
    public static final int BROKEN = -2;

    private static final ConnectionHandler NOBODY = new Nobody();

    private final Loop loop;
    private byte[] peerAddress;
    private int peerPort;
    private @Nullable InetSocketAddress destination;
    private ConnectionHandler handler = NOBODY;
    private @Nullable Runnable onClose;
    private boolean open = true;
    private boolean connecting;
    private boolean reading;
    private boolean writing;
    private @Nullable IoBuffer pending;
    private int pendingStart;
    private int pendingEnd;
    private long handed;

    Connection(Loop loop, byte[] peerAddress, int peerPort) {
        this.loop = loop;
        this.peerAddress = peerAddress;
        this.peerPort = peerPort;
    }

    /** Reads into the buffer; the number of bytes, {@link #AGAIN}, {@link #END} or {@link #BROKEN}. */
    public final int read(IoBuffer into, int offset, int length) {
        return open ? receive(into, offset, length) : BROKEN;
    }

    /** Sends bytes. Nothing may be pending. */
    public final Sent send(IoBuffer from, int offset, int length) {
        if (!open) {
            return Sent.BROKEN;
        }
        if (hasPending()) {
            throw new IllegalStateException("bytes are still waiting to be sent");
        }
        int sent = length == 0 ? 0 : transmit(from, offset, length);
        if (sent < 0) {
            return Sent.BROKEN;
        }
        handed += sent;
        if (sent == length && !lags()) {
            return Sent.ALL;
        }
        if (sent < length) {
            int rest = length - sent;
            IoBuffer kept = loop.buffers().take(rest);
            System.arraycopy(from.bytes(), offset + sent, kept.bytes(), 0, rest);
            pending = kept;
            pendingStart = 0;
            pendingEnd = rest;
        }
        writing = true;
        interest(reading, true);
        return Sent.PENDING;
    }

    /** Whether bytes wait to be sent. */
    public final boolean hasPending() {
        return pending != null || lags();
    }

    /** Bytes that the peer has taken so far, as far as the system tells. */
    public long taken() {
        return open ? handed - untaken() : handed;
    }

    /** Switches reading on or off. */
    public final void reading(boolean on) {
        if (open && reading != on) {
            reading = on;
            interest(on, writing);
        }
    }

    /** Asks to be told when the connection breaks although nothing is read. */
    public final void watch() {
        if (open) {
            interest(reading, writing);
        }
    }

    public final boolean isReading() {
        return reading;
    }

    public final boolean isOpen() {
        return open;
    }

    /** Tells the peer that no more bytes will come. Nothing may be pending. */
    public final void shutdownOutput() {
        if (open) {
            endOutput();
        }
    }

    /** Closes both directions; what is pending is lost. */
    public final void close() {
        if (!open) {
            return;
        }
        open = false;
        loop.forget(this);
        givePending();
        release();
        if (onClose != null) {
            onClose.run();
        }
    }

    /** Has somebody told once when the socket is closed. */
    public final void whenClosed(Runnable told) {
        onClose = told;
    }

    /** Closes with a reset, so that the peer cannot take what it has for the whole. */
    public final void abort() {
        if (open) {
            resetOnClose();
            close();
        }
    }

    /** Sets the one deadline, in nanoseconds from now. */
    public final void deadlineIn(long nanos) {
        if (open) {
            loop.deadline(this, nanos);
        }
    }

    /** Sets the deadline unless an earlier one is set. */
    public final void deadlineNoLaterThan(long nanos) {
        if (open && (deadline == NEVER || loop.now() + nanos - deadline < 0)) {
            loop.deadline(this, nanos);
        }
    }

    /** There is no deadline any more. */
    public final void clearDeadline() {
        deadline = NEVER;
    }

    public final void handler(ConnectionHandler other) {
        handler = other;
    }

    public final Loop loop() {
        return loop;
    }

    /** What TLS found out about the peer; null on a connection without TLS. */
    public @Nullable TlsPeer tls() {
        return null;
    }

    /** The peer's IP address, 4 or 16 bytes; not to be changed. That of the client when a trusted sender named it. */
    public final byte[] peerAddress() {
        return peerAddress;
    }

    public final int peerPort() {
        return peerPort;
    }

    /** Where the peer connected to: an address of ours, or what a trusted sender said; null when the socket is gone. */
    public final @Nullable InetSocketAddress destination() {
        if (destination == null && open) {
            destination = localAddress();
        }
        return destination;
    }

    /** The peer is trusted and speaks for a client: from now on its addresses are those of this connection. */
    public final void speaksFor(InetSocketAddress client, InetSocketAddress wanted) {
        peerAddress = client.getAddress().getAddress();
        peerPort = client.getPort();
        destination = wanted;
    }

    /** The connection is being made: the next readiness tells the outcome. */
    final void connecting() {
        connecting = true;
        writing = true;
        interest(false, true);
    }

    /** Dispatches readiness; the transport calls it. */
    final void ready(boolean in, boolean out, boolean hangup, boolean error) {
        if (connecting) {
            finishConnecting();
            return;
        }
        if (out && writing && !flush()) {
            return;
        }
        if (!open) {
            return;
        }
        if (reading) {
            if (in || hangup || error) {
                handler.readable(this);
            }
        } else if (hangup || error) {
            // Reported for ever unless the socket leaves the set. After a hang-up there may still be bytes to read.
            detach();
            if (error) {
                handler.broken(this);
            }
        }
    }

    /** The connection is made. */
    final void established() {
        handler.connected(this);
    }

    /** The connection could not be made. */
    final void failConnecting(ConnectFailure failure) {
        if (open) {
            close();
            handler.connectFailed(this, failure);
        }
    }

    /** The time to end by itself is over. */
    public final void overdue() {
        if (open) {
            handler.overdue(this);
        }
    }

    /** An exception escaped from the handler: the connection is lost, the loop is not. */
    final void failed() {
        handler.failed(this);
        close();
    }

    @Override
    protected final void expired() {
        if (open) {
            handler.expired(this);
        }
    }

    private void finishConnecting() {
        ConnectFailure failure = connectOutcome();
        if (failure == null) {
            connecting = false;
            writing = false;
            interest(reading, false);
            handler.connected(this);
        } else {
            failConnecting(failure);
        }
    }

    private boolean flush() {
        IoBuffer waiting = pending;
        if (waiting != null) {
            int sent = transmit(waiting, pendingStart, pendingEnd - pendingStart);
            if (sent < 0) {
                givePending();
                writing = false;
                handler.broken(this);
                return false;
            }
            pendingStart += sent;
            handed += sent;
            if (pendingStart < pendingEnd) {
                return true;
            }
            givePending();
        }
        if (!lags()) {
            writing = false;
            interest(reading, false);
            handler.drained(this);
        }
        return true;
    }

    private void givePending() {
        if (pending != null) {
            loop.buffers().give(pending);
            pending = null;
        }
    }

    /** As {@link #read}. */
    abstract int receive(IoBuffer into, int offset, int length);

    /** Bytes taken by the kernel, zero when it takes none now, {@link #BROKEN} when it never will. */
    abstract int transmit(IoBuffer from, int offset, int length);

    /** Whether bytes that {@link #transmit} took have not come to the kernel yet. */
    boolean lags() {
        return false;
    }

    /** Bytes that are with the system, and not with the peer yet; zero where nobody can tell. */
    long untaken() {
        return 0;
    }

    /** Asks the transport to report these kinds of readiness. */
    abstract void interest(boolean read, boolean write);

    /** Reports nothing more, not even errors, until the interest changes. */
    abstract void detach();

    /** Our end of the socket; null when the system does not tell. */
    abstract @Nullable InetSocketAddress localAddress();

    /** Null when the connection is established. */
    abstract @Nullable ConnectFailure connectOutcome();

    abstract void endOutput();

    abstract void resetOnClose();

    /** Gives the socket back to the system. */
    abstract void release();

    /** Between accept and the moment a handler is set. */
    private static final class Nobody implements ConnectionHandler {

        @Override
        public void connectFailed(Connection connection, ConnectFailure failure) {}

        @Override
        public void readable(Connection connection) {
            connection.close();
        }

        @Override
        public void drained(Connection connection) {}
    }
}
