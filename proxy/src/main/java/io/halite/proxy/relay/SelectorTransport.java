package io.halite.proxy.relay;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An NIO selector: the fallback where {@code java.lang.foreign} or epoll is not to be had. */
final class SelectorTransport implements Transport {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final String NO_ADOPTION = "the selector engine takes no sockets of other processes";

    private final Loop loop;
    private final Selector selector = Selector.open();
    private final Consumer<SelectionKey> dispatch = this::dispatch;
    private final List<SelectorAcceptor> acceptors = new ArrayList<>();
    private boolean waiting;

    SelectorTransport(Loop loop) throws IOException {
        this.loop = loop;
    }

    @Override
    public void poll(long nanos) throws IOException {
        waiting = true;
        if (nanos == 0) {
            selector.selectNow(dispatch);
        } else {
            selector.select(dispatch, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        }
        beginTurn();
    }

    /** The selector dispatches from within its select, so the turn begins with the first key. */
    private void beginTurn() {
        if (waiting) {
            waiting = false;
            loop.turnBegins();
        }
    }

    private void dispatch(SelectionKey key) {
        beginTurn();
        if (!key.isValid()) {
            return;
        }
        int ready = key.readyOps();
        if (key.attachment() instanceof SelectorConnection connection) {
            boolean out = (ready & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0;
            loop.guard().ready(connection, (ready & SelectionKey.OP_READ) != 0, out, false, false);
        } else if (key.attachment() instanceof Acceptor acceptor) {
            loop.guard().ready(acceptor);
        } else if (key.attachment() instanceof DatagramPort port) {
            loop.guard().ready(port);
        }
    }

    @Override
    public void wake() {
        selector.wakeup();
    }

    @Override
    public Acceptor listen(InetSocketAddress where, int backlog, AcceptHandler handler) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.bind(where, backlog);
            SelectorAcceptor acceptor = new SelectorAcceptor(this, channel, handler);
            acceptors.add(acceptor);
            return acceptor;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    @Override
    public Acceptor adopt(HandedSocket socket, AcceptHandler handler) throws IOException {
        throw new IOException(NO_ADOPTION);
    }

    @Override
    public DatagramPort adopt(HandedSocket socket, DatagramHandler handler) throws IOException {
        throw new IOException(NO_ADOPTION);
    }

    @Override
    public Connection connect(InetSocketAddress target, ConnectionHandler handler) {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException noDescriptor) {
            SelectorConnection connection = new SelectorConnection(this, channel, target);
            connection.handler(handler);
            loop.adopted(connection);
            loop.execute(() -> connection.failConnecting(ConnectFailure.NO_DESCRIPTOR));
            return connection;
        }
        SelectorConnection connection = new SelectorConnection(this, channel, target);
        connection.handler(handler);
        loop.adopted(connection);
        try {
            // A connection that stands at once is told of like any other: by its first readiness.
            channel.connect(target);
            connection.connecting();
        } catch (IOException failed) {
            ConnectFailure failure = SelectorConnection.failure(failed);
            loop.execute(() -> connection.failConnecting(failure));
        }
        return connection;
    }

    @Override
    public DatagramPort bind(InetSocketAddress where, DatagramHandler handler) throws IOException {
        DatagramChannel channel = DatagramChannel.open(family(where));
        try {
            channel.configureBlocking(false);
            boolean shares = channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
            boolean anyPort = where.getPort() == 0;
            if (shares && !anyPort) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.bind(where);
            if (shares && anyPort) {
                // Not before: to a socket that shares its port Linux may give one that others have and share.
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            return new SelectorDatagrams(this, channel, true, handler);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    @Override
    public DatagramPort speakTo(InetSocketAddress target, DatagramHandler handler) throws IOException {
        DatagramChannel channel = DatagramChannel.open(family(target));
        try {
            channel.configureBlocking(false);
            channel.connect(target);
            return new SelectorDatagrams(this, channel, false, handler);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    private static StandardProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    @Override
    public void close() {
        List.copyOf(acceptors).forEach(Acceptor::close);
        try {
            selector.close();
        } catch (IOException ignored) {
            // Nothing is left to be done with it.
        }
    }

    Loop loop() {
        return loop;
    }

    Selector selector() {
        return selector;
    }

    void forget(SelectorAcceptor acceptor) {
        acceptors.remove(acceptor);
    }

    /** The next connection of a listening socket; null when there is none or no descriptor for it. */
    @Nullable SelectorConnection accept(SelectorAcceptor acceptor, ServerSocketChannel listening) {
        try {
            SocketChannel channel = listening.accept();
            if (channel == null) {
                return null;
            }
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new SelectorConnection(this, channel, (InetSocketAddress) channel.getRemoteAddress());
        } catch (IOException failed) {
            // No descriptor, most likely; a client that left before it was accepted looks alike and costs a pause.
            acceptor.pause();
            return null;
        }
    }
}
