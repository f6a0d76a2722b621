package io.halite.proxy.relay;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A datagram descriptor in a loop's epoll set. */
final class EpollDatagrams extends DatagramPort {
    private static final int ECONNREFUSED = 111;

    private final EpollTransport transport;
    private final Kernel kernel;
    private final int fd;
    private final InetSocketAddress address;
    private final boolean bound;
    private @Nullable DatagramPeer sender;

    /** A registered descriptor, bound for clients or connected to a target. */
    EpollDatagrams(EpollTransport transport, int fd, InetSocketAddress address, boolean bound, DatagramHandler handler) {
        super(transport.loop(), handler);
        this.transport = transport;
        this.fd = fd;
        this.address = address;
        this.bound = bound;
        kernel = transport.kernel();
    }

    @Override
    int take(IoBuffer into) {
        if (!bound) {
            return outcome(kernel.receive(fd, into.segment(0), into.size()));
        }
        DatagramMessage message = transport.message();
        message.prepare();
        int got = outcome(kernel.receiveMessage(fd, message.header()));
        if (got >= 0) {
            sender = message.peer();
            message.copyTo(into, got);
        }
        return got;
    }

    @Override
    public DatagramPeer sender() {
        if (sender == null) {
            throw new IllegalStateException("nothing was received");
        }
        return sender;
    }

    @Override
    int put(IoBuffer from, int length, @Nullable DatagramPeer to) {
        if (to == null) {
            return outcome(kernel.send(fd, from.segment(0), length));
        }
        DatagramMessage message = transport.message();
        message.address((NativePeer) to, from, length);
        return outcome(kernel.sendMessage(fd, message.header()));
    }

    private static int outcome(long result) {
        if (result >= 0) {
            return (int) result;
        }
        return switch ((int) -result) {
            case Kernel.EAGAIN, Kernel.EINTR -> AGAIN;
            case ECONNREFUSED -> REFUSED;
            default -> LOST;
        };
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public int descriptor() {
        return fd;
    }

    @Override
    void listening(boolean on) {
        transport.control(Kernel.EPOLL_CTL_MOD, fd, transport.generation(fd), on ? Kernel.EPOLLIN : 0);
    }

    @Override
    void release() {
        if (bound) {
            transport.leave(fd);
        } else {
            transport.release(fd);
        }
    }
}
