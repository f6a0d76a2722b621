package io.halite.proxy.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * A datagram channel of a loop's selector. The JDK does not tell which address of ours a datagram was sent to: of a
 * socket that is bound to a wildcard, replies leave from the address that the system prefers.
 */
final class SelectorDatagrams extends DatagramPort {
    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final boolean bound;
    private final SelectionKey key;
    private @Nullable ChannelPeer sender;

    SelectorDatagrams(SelectorTransport transport, DatagramChannel channel, boolean bound, DatagramHandler handler)
            throws IOException {
        super(transport.loop(), handler);
        this.channel = channel;
        this.bound = bound;
        address = (InetSocketAddress) channel.getLocalAddress();
        key = channel.register(transport.selector(), SelectionKey.OP_READ, this);
    }

    @Override
    int take(IoBuffer into) {
        ByteBuffer view = into.view(0, into.size());
        try {
            if (!bound) {
                int got = channel.read(view);
                // Zero may be an empty datagram or none: nothing is lost by taking it for none.
                return got <= 0 ? AGAIN : got;
            }
            InetSocketAddress from = (InetSocketAddress) channel.receive(view);
            if (from == null) {
                return AGAIN;
            }
            sender = new ChannelPeer(from, from.getAddress().getAddress());
            return view.position();
        } catch (PortUnreachableException refused) {
            return REFUSED;
        } catch (IOException lost) {
            return LOST;
        }
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
        ByteBuffer view = from.view(0, length);
        try {
            int sent = to == null ? channel.write(view) : channel.send(view, ((ChannelPeer) to).from());
            return sent == 0 && length > 0 ? AGAIN : sent;
        } catch (PortUnreachableException refused) {
            return REFUSED;
        } catch (IOException lost) {
            return LOST;
        }
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
    void listening(boolean on) {
        if (key.isValid()) {
            key.interestOps(on ? SelectionKey.OP_READ : 0);
        }
    }

    @Override
    void release() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // Closed is closed.
        }
    }

    /** A sender as the JDK knows it; equal when the sender is. */
    private static final class ChannelPeer implements DatagramPeer {
        private final InetSocketAddress from;
        private final byte[] address;

        ChannelPeer(InetSocketAddress from, byte[] address) {
            this.from = from;
            this.address = address;
        }

        InetSocketAddress from() {
            return from;
        }

        @Override
        public byte[] address() {
            return address;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ChannelPeer peer && from.equals(peer.from);
        }

        @Override
        public int hashCode() {
            return from.hashCode();
        }
    }
}
