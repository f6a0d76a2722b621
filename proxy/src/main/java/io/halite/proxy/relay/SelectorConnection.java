package io.halite.proxy.relay;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A channel of a loop's selector, registered with its first interest. */
final class SelectorConnection extends Connection {
    private final SelectorTransport transport;
    /** Null when the system gave none. */
    private final @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;

    SelectorConnection(SelectorTransport transport, @Nullable SocketChannel channel, InetSocketAddress peer) {
        super(transport.loop(), peer.getAddress().getAddress(), peer.getPort());
        this.transport = transport;
        this.channel = channel;
    }

    static ConnectFailure failure(IOException failed) {
        return failed instanceof ConnectException refused && String.valueOf(refused.getMessage()).contains("refused")
                ? ConnectFailure.REFUSED : ConnectFailure.UNREACHABLE;
    }

    @Override
    int receive(IoBuffer into, int offset, int length) {
        if (channel == null) {
            return BROKEN;
        }
        try {
            return channel.read(into.view(offset, length));
        } catch (IOException broken) {
            return BROKEN;
        }
    }

    @Override
    int transmit(IoBuffer from, int offset, int length) {
        if (channel == null) {
            return BROKEN;
        }
        try {
            return channel.write(from.view(offset, length));
        } catch (IOException broken) {
            return BROKEN;
        }
    }

    @Override
    void interest(boolean read, boolean write) {
        if (channel == null) {
            return;
        }
        int connect = channel.isConnected() ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
        int interest = (read ? SelectionKey.OP_READ : 0) | (write ? connect : 0);
        if (key != null) {
            key.interestOps(interest);
            return;
        }
        try {
            key = channel.register(transport.selector(), interest, this);
        } catch (ClosedChannelException impossible) {
            throw new IllegalStateException("an open connection on a closed channel", impossible);
        }
    }

    @Override
    void detach() {
        if (key != null) {
            key.interestOps(0);
        }
    }

    @Override
    @Nullable InetSocketAddress localAddress() {
        try {
            return channel == null ? null : (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException broken) {
            return null;
        }
    }

    @Override
    @Nullable ConnectFailure connectOutcome() {
        if (channel == null) {
            return ConnectFailure.NO_DESCRIPTOR;
        }
        try {
            return channel.isConnected() || channel.finishConnect() ? null : ConnectFailure.UNREACHABLE;
        } catch (IOException failed) {
            return failure(failed);
        }
    }

    @Override
    void endOutput() {
        try {
            if (channel != null) {
                channel.shutdownOutput();
            }
        } catch (IOException broken) {
            // The next read tells.
        }
    }

    @Override
    void resetOnClose() {
        try {
            if (channel != null) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException broken) {
            // Then it is reset already.
        }
    }

    @Override
    void release() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // Closed is closed.
        }
    }
}
