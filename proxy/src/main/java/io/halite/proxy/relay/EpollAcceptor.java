package io.halite.proxy.relay;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening descriptor in a loop's epoll set. */
final class EpollAcceptor extends Acceptor {
    private final EpollTransport transport;
    private final int fd;
    private final InetSocketAddress address;

    EpollAcceptor(EpollTransport transport, int fd, InetSocketAddress address, AcceptHandler handler) {
        super(transport.loop(), handler);
        this.transport = transport;
        this.fd = fd;
        this.address = address;
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
    @Nullable Connection accept() {
        return transport.accept(this, fd);
    }

    @Override
    void listening(boolean on) {
        transport.control(Kernel.EPOLL_CTL_MOD, fd, transport.generation(fd), on ? Kernel.EPOLLIN : 0);
    }

    @Override
    void release() {
        transport.leave(fd);
    }
}
