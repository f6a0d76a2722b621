package io.halite.proxy.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/** A listening channel of a loop's selector. */
final class SelectorAcceptor extends Acceptor {
    private final SelectorTransport transport;
    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final SelectionKey key;

    SelectorAcceptor(SelectorTransport transport, ServerSocketChannel channel, AcceptHandler handler)
            throws IOException {
        super(transport.loop(), handler);
        this.transport = transport;
        this.channel = channel;
        address = (InetSocketAddress) channel.getLocalAddress();
        key = channel.register(transport.selector(), SelectionKey.OP_ACCEPT, this);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    @Nullable Connection accept() {
        return transport.accept(this, channel);
    }

    @Override
    void listening(boolean on) {
        if (key.isValid()) {
            key.interestOps(on ? SelectionKey.OP_ACCEPT : 0);
        }
    }

    @Override
    void release() {
        transport.forget(this);
        try {
            channel.close();
        } catch (IOException ignored) {
            // Closed is closed.
        }
    }
}
