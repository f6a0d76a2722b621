package io.halite.proxy.relay;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection within a connection, such as a stream of HTTP/2: its bytes come from and go to an object of this process.
 * Whoever owns it sees the same rules as with a socket; its readiness is told in a turn of its own, never from within a
 * call of its other end. Confined to the thread of its loop.
 */
public final class InnerConnection extends Connection {

    /** What the inner connection is connected to. */
    public interface OtherEnd {

        /** Whether a read would bring something, be it the end. */
        boolean hasInput();

        /** As {@link Connection#read}, except that it never is broken. */
        int read(byte[] into, int offset, int length);

        /** Whether a write would take something. */
        boolean hasRoom();

        /** Whether the peer would take something, if it came to it. */
        boolean isWanted();

        /** The number of bytes taken; zero when none can be now. */
        int write(byte[] from, int offset, int length);

        /** The owner has written all it will, but may still read. */
        void outputEnded();

        /** The owner is through with it, in an orderly way or not. */
        void closed(boolean reset);
    }

    private final Connection outer;
    private final OtherEnd end;
    private final Runnable turn = this::turn;
    private boolean wantsRead;
    private boolean wantsWrite;
    private boolean scheduled;
    private boolean cut;
    private boolean reset;

    /** An open connection of the outer one's peer. */
    public InnerConnection(Connection outer, OtherEnd end) {
        super(outer.loop(), outer.peerAddress(), outer.peerPort());
        this.outer = outer;
        this.end = end;
    }

    @Override
    public @Nullable TlsPeer tls() {
        return outer.tls();
    }

    /** The other end has input or room that it had not before. */
    public void changed() {
        if (!scheduled && isOpen()) {
            scheduled = true;
            loop().execute(turn);
        }
    }

    /** The other end may have room that it had not before: whoever waits with bytes hears it, and nobody else. */
    public void roomChanged() {
        if (wantsWrite) {
            changed();
        }
    }

    /** The other end is no more: reading and writing find it broken. */
    public void cut() {
        cut = true;
        changed();
    }

    private void turn() {
        scheduled = false;
        if (!isOpen()) {
            return;
        }
        boolean in = cut || end.hasInput();
        boolean out = wantsWrite && (cut || end.hasRoom());
        if ((in && isReading()) || out || cut) {
            loop().guard().ready(this, in, out, cut, cut);
        }
        if (isOpen() && wantsRead && !cut && end.hasInput()) {
            changed();
        }
    }

    @Override
    int receive(IoBuffer into, int offset, int length) {
        return cut ? BROKEN : end.read(into.bytes(), offset, length);
    }

    @Override
    int transmit(IoBuffer from, int offset, int length) {
        return cut ? BROKEN : end.write(from.bytes(), offset, length);
    }

    /** What waits may wait for the outer connection, whose bytes are whose we cannot tell, or for the peer to want it. */
    @Override
    public long taken() {
        return super.taken() + (end.isWanted() ? outer.taken() : 0);
    }

    @Override
    void interest(boolean read, boolean write) {
        wantsRead = read;
        wantsWrite = write;
        if ((read && end.hasInput()) || (write && end.hasRoom()) || cut) {
            changed();
        }
    }

    @Override
    void detach() {
        wantsRead = false;
        wantsWrite = false;
    }

    @Override
    @Nullable InetSocketAddress localAddress() {
        return outer.destination();
    }

    @Override
    @Nullable ConnectFailure connectOutcome() {
        return null;
    }

    @Override
    void endOutput() {
        end.outputEnded();
    }

    @Override
    void resetOnClose() {
        reset = true;
    }

    @Override
    void release() {
        end.closed(reset);
    }
}
