package io.halite.proxy.relay;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking datagram socket of one loop: either bound to an address where clients send to, or connected to one
 * target. Confined to the thread of its loop.
 */
public abstract class DatagramPort {
    /** Nothing to receive now; or the kernel has no room for what is sent, and it is lost. */
    public static final int AGAIN = -1;
    /** The peer's machine says that nobody receives there; what was sent with this outcome is lost. */
    public static final int REFUSED = -2;
    /** Lost for another reason: it is too large, or there is no way to there. */
    public static final int LOST = -3;

    private final Loop loop;
    private final DatagramHandler handler;
    private boolean open = true;

    DatagramPort(Loop loop, DatagramHandler handler) {
        this.loop = loop;
        this.handler = handler;
    }

    /** The number of bytes of the next datagram, which may be zero; {@link #AGAIN}, {@link #REFUSED} or {@link #LOST}. */
    public final int receive(IoBuffer into) {
        return open ? take(into) : AGAIN;
    }

    /** Who sent the datagram received last; of a bound socket only. */
    public abstract DatagramPeer sender();

    /** Sends to the target of a connected socket; the number of bytes, or an outcome as of {@link #receive}. */
    public final int send(IoBuffer from, int length) {
        return open ? put(from, length, null) : LOST;
    }

    /** Sends to a sender of a bound socket, from the address that it sent to. */
    public final int reply(IoBuffer from, int length, DatagramPeer to) {
        return open ? put(from, length, to) : LOST;
    }

    /** Where it is bound. */
    public abstract InetSocketAddress address();

    /** Its descriptor, to be handed to another process; negative where it cannot be. */
    public abstract int descriptor();

    /** Receives nothing more, so that another process that has the socket does; replies can still be sent. */
    public final void stopReceiving() {
        if (open) {
            listening(false);
        }
    }

    public final boolean isOpen() {
        return open;
    }

    public final void close() {
        if (open) {
            open = false;
            loop.forget(this);
            release();
        }
    }

    /** The transport calls it when there is something to receive. */
    final void ready() {
        if (open) {
            handler.arrived(this);
        }
    }

    /** An exception escaped from the handler: the socket is lost, the loop is not. */
    final void failed() {
        handler.failed(this);
        close();
    }

    abstract int take(IoBuffer into);

    abstract int put(IoBuffer from, int length, @Nullable DatagramPeer to);

    abstract void listening(boolean on);

    /** Gives the socket back to the system. */
    abstract void release();
}
