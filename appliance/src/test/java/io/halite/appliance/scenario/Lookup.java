package io.halite.appliance.scenario;

import io.halite.config.document.Addresses;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Asks a server for addresses as a resolver does: over UDP. */
public final class Lookup {
    public static final int A = 1;
    public static final int AAAA = 28;

    private static final int HEADER = 12;
    private static final int LIMIT_MILLIS = 5_000;

    private Lookup() {}

    /** The addresses of a name that a server tells; none when it tells nothing. */
    public static Set<String> addresses(InetSocketAddress server, String name, int type) throws IOException {
        ByteBuffer query = ByteBuffer.allocate(512).putShort((short) 0x4711).putShort((short) 0).putShort((short) 1)
                .position(HEADER);
        for (String label : name.split("\\.", -1)) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.put((byte) 0).putShort((short) type).putShort((short) 1);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.send(new DatagramPacket(query.array(), query.position(), server));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return told(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()), query.position(), type == A ? 4 : 16);
        } catch (SocketTimeoutException silent) {
            return Set.of();
        }
    }

    /** Each record is a pointer to the question, type, class, time to live, and the length of its bytes. */
    private static Set<String> told(ByteBuffer answer, int question, int length) throws IOException {
        Set<String> addresses = new TreeSet<>();
        int records = answer.getShort(6);
        for (int i = 0; i < records; i++) {
            byte[] address = new byte[length];
            answer.get(question + i * (HEADER + length) + HEADER, address);
            addresses.add(Addresses.text(InetAddress.getByAddress(address)));
        }
        return addresses;
    }
}
