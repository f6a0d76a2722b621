package io.halite.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Targets for WebSockets by the thousand: several ports on one selector and one thread. Whoever connects is upgraded by
 * his first head, and from then on gets back every byte.
 */
final class EchoTargets {
    /** The answer to the key of RFC 6455's example. */
    private static final byte[] SWITCHING = Wire.head("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=").getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_END = 0x0d0a0d0a;
    private static final int BACKLOG = 1_000;

    private final Selector selector = Selector.open();
    private final List<Integer> ports = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16_384);

    /** What a connection is at: the last four octets of its head, until that has ended. */
    private static final class Client {
        private int tail;
        private boolean upgraded;

        /** Takes up the head's octets; whether it ends with them. */
        boolean endsHead(ByteBuffer octets) {
            while (!upgraded && octets.hasRemaining()) {
                tail = tail << 8 | (octets.get() & 0xff);
                upgraded = tail == HEAD_END;
            }
            return upgraded;
        }
    }

    private EchoTargets(int count) throws IOException {
        for (int target = 0; target < count; target++) {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            ports.add(server.socket().getLocalPort());
        }
    }

    /** Starts so many; they end with the process. */
    static EchoTargets start(int count) throws IOException {
        EchoTargets targets = new EchoTargets(count);
        Thread.ofPlatform().daemon().name("targets").start(targets::run);
        return targets;
    }

    List<Integer> ports() {
        return List.copyOf(ports);
    }

    private void run() {
        try {
            while (true) {
                selector.select(this::serve);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel server) {
                accept(server);
            } else {
                echo((SocketChannel) key.channel(), (Client) key.attachment());
            }
        } catch (IOException gone) {
            key.cancel();
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Client());
        }
    }

    private void echo(SocketChannel channel, Client client) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            channel.close();
            return;
        }
        buffer.flip();
        if (!client.upgraded && client.endsHead(buffer)) {
            write(channel, ByteBuffer.wrap(SWITCHING));
        }
        write(channel, buffer);
    }

    /** What the clients send is short, so that a socket's buffer always has room for it. */
    private static void write(SocketChannel channel, ByteBuffer octets) throws IOException {
        if (octets.hasRemaining()) {
            channel.write(octets);
        }
        if (octets.hasRemaining()) {
            throw new IOException("no room");
        }
    }
}
