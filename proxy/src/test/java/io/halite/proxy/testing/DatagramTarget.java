package io.halite.proxy.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A target that answers each datagram it gets, and remembers who sent them. */
public final class DatagramTarget implements AutoCloseable {
    private final DatagramSocket socket;
    private final UnaryOperator<byte[]> answer;
    private final Set<Integer> senders = ConcurrentHashMap.newKeySet();

    private DatagramTarget(DatagramSocket socket, UnaryOperator<byte[]> answer) {
        this.socket = socket;
        this.answer = answer;
        Thread.ofVirtual().start(this::serve);
    }

    /** A target that gives these answers; an answer of no bytes is sent, null is not. */
    public static DatagramTarget answering(UnaryOperator<byte[]> answer) throws SocketException {
        return at(0, answer);
    }

    /** A target on a port of its own choice. */
    public static DatagramTarget at(int port, UnaryOperator<byte[]> answer) throws SocketException {
        return new DatagramTarget(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), answer);
    }

    /** A target that puts its name before what it got. */
    public static DatagramTarget named(String name) throws SocketException {
        return answering(got -> (name + ":" + new String(got, java.nio.charset.StandardCharsets.ISO_8859_1))
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private void serve() {
        byte[] room = new byte[65_536];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                socket.receive(packet);
                senders.add(packet.getPort());
                byte[] reply = answer.apply(java.util.Arrays.copyOf(room, packet.getLength()));
                if (reply != null) {
                    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                // Either closed, or an answer that did not arrive: its test will tell.
            }
        }
    }

    /** Ports that datagrams came from: one per session of the proxy. */
    public int senders() {
        return senders.size();
    }

    public int port() {
        return socket.getLocalPort();
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    @Override
    public void close() {
        socket.close();
    }
}
