package io.halite.proxy.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that hears replies only from the address it sends to. */
public final class DatagramClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 120_000;

    private final DatagramSocket socket;

    /** Speaks with a port of this machine. */
    public DatagramClient(String host, int port) throws IOException {
        this(new DatagramSocket(), host, port);
    }

    private DatagramClient(DatagramSocket socket, String host, int port) throws IOException {
        this.socket = socket;
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** As the constructor, from this of the machine's addresses. */
    public static DatagramClient from(String source, String host, int port) throws IOException {
        return new DatagramClient(new DatagramSocket(0, InetAddress.ofLiteral(source)), host, port);
    }

    public DatagramClient send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        socket.send(new DatagramPacket(bytes, bytes.length));
        return this;
    }

    public String receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    public String ask(String text) throws IOException {
        return send(text).receive();
    }

    /** Asks, and asks again each half second as clients of UDP do, until there is a reply. */
    public String askPatiently(String text) throws IOException {
        socket.setSoTimeout(500);
        try {
            for (int tries = 0; tries < PATIENCE_MILLIS / 500; tries++) {
                try {
                    return ask(text);
                } catch (SocketTimeoutException silence) {
                    // Asks again.
                }
            }
            throw new SocketTimeoutException("no reply to " + text);
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** Whether nothing comes for a while. */
    public boolean hearsNothing() throws IOException {
        socket.setSoTimeout(300);
        try {
            receive();
            return false;
        } catch (SocketTimeoutException silence) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
