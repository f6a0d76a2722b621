package io.halite.proxy.relay;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A descriptor in a loop's epoll set, registered with its first interest. */
final class EpollConnection extends Connection {
    private static final int ECONNREFUSED = 111;

    private final EpollTransport transport;
    private final Kernel kernel;
    /** Negative when the system gave none. */
    private final int fd;
    private boolean registered;

    EpollConnection(EpollTransport transport, int fd, byte[] peerAddress, int peerPort) {
        super(transport.loop(), peerAddress, peerPort);
        this.transport = transport;
        this.fd = fd;
        kernel = transport.kernel();
    }

    static ConnectFailure failure(int errno) {
        return errno == ECONNREFUSED ? ConnectFailure.REFUSED : ConnectFailure.UNREACHABLE;
    }

    @Override
    int receive(IoBuffer into, int offset, int length) {
        long got = kernel.receive(fd, into.segment(offset), length);
        if (got > 0) {
            return (int) got;
        }
        if (got == 0) {
            return END;
        }
        return got == -Kernel.EAGAIN || got == -Kernel.EINTR ? AGAIN : BROKEN;
    }

    @Override
    int transmit(IoBuffer from, int offset, int length) {
        long sent = kernel.send(fd, from.segment(offset), length);
        if (sent >= 0) {
            return (int) sent;
        }
        return sent == -Kernel.EAGAIN || sent == -Kernel.EINTR ? 0 : BROKEN;
    }

    @Override
    long untaken() {
        return Math.max(0, kernel.unsent(fd));
    }

    @Override
    void interest(boolean read, boolean write) {
        int flags = (read ? Kernel.EPOLLIN : 0) | (write ? Kernel.EPOLLOUT : 0);
        int operation = registered ? Kernel.EPOLL_CTL_MOD : Kernel.EPOLL_CTL_ADD;
        registered = transport.control(operation, fd, transport.generation(fd), flags) >= 0;
    }

    @Override
    void detach() {
        if (registered) {
            transport.control(Kernel.EPOLL_CTL_DEL, fd, transport.generation(fd), 0);
            registered = false;
        }
    }

    @Override
    @Nullable InetSocketAddress localAddress() {
        return transport.localAddress(fd);
    }

    @Override
    @Nullable ConnectFailure connectOutcome() {
        int errno = kernel.pendingError(fd);
        return errno == 0 ? null : failure(errno);
    }

    @Override
    void endOutput() {
        kernel.shutdownOutput(fd);
    }

    @Override
    void resetOnClose() {
        kernel.setLingerZero(fd);
    }

    @Override
    void release() {
        if (fd >= 0) {
            transport.release(fd);
        }
    }
}
