package io.halite.dns.transport;

import io.halite.dns.serve.FastPath;
import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.Client;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The kernel's {@code struct mmsghdr[]} with a buffer, a peer address and room for packet information behind each
 * entry. A response is written where its query was, and goes back to the peer, from the address, that the entry already
 * holds. Owned by one worker.
 */
final class MessageVector {
    static final int BATCH = FastPath.MAX_BATCH;
    /** Room for a query; longer ones are cut off and seen as such. */
    private static final int SLOT = 2048;
    private static final int STRIDE = SLOT + 64;

    private static final int HEADER = 64;
    private static final int NAME_LENGTH = 8;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int RECEIVED = 56;
    private static final int PEER = 32;
    private static final int PEER_SIZE = 28;
    private static final int CONTROL = 64;
    private static final int CONTROL_DATA = 16;
    private static final int IOVEC = 16;

    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment peers;
    private final MemorySegment controls;
    private final MemorySegment messages;
    private final boolean packetDetails;

    /** @param packetDetails whether the kernel tells, and is told, the local address of each packet */
    MessageVector(Arena arena, boolean packetDetails) {
        this.packetDetails = packetDetails;
        headers = arena.allocate((long) HEADER * BATCH, 64);
        vectors = arena.allocate((long) IOVEC * BATCH, 64);
        peers = arena.allocate((long) PEER * BATCH, 64);
        controls = arena.allocate((long) CONTROL * BATCH, 64);
        messages = arena.allocate((long) STRIDE * BATCH, 64);
        for (int i = 0; i < BATCH; i++) {
            long header = (long) i * HEADER;
            headers.set(ValueLayout.JAVA_LONG, header, peers.address() + (long) i * PEER);
            headers.set(ValueLayout.JAVA_LONG, header + 16, vectors.address() + (long) i * IOVEC);
            headers.set(ValueLayout.JAVA_LONG, header + 24, 1);
            headers.set(ValueLayout.JAVA_LONG, header + 32, packetDetails ? controls.address() + (long) i * CONTROL : 0);
            vectors.set(ValueLayout.JAVA_LONG, (long) i * IOVEC, messages.address() + (long) i * STRIDE);
        }
        for (int i = 0; i < BATCH; i++) {
            headers.set(ValueLayout.JAVA_INT, (long) i * HEADER + NAME_LENGTH, PEER_SIZE);
        }
        prepare(BATCH);
    }

    /**
     * Makes the first entries ready to receive again. The length of the peer's address stays as the kernel set it: a
     * socket's peers are all of one family.
     */
    void prepare(int count) {
        for (int i = 0; i < count; i++) {
            vectors.set(ValueLayout.JAVA_LONG, (long) i * IOVEC + 8, SLOT);
            if (packetDetails) {
                headers.set(ValueLayout.JAVA_LONG, (long) i * HEADER + CONTROL_LENGTH, CONTROL);
            }
        }
    }

    MemorySegment headers() {
        return headers;
    }

    /** The headers from an entry on. */
    MemorySegment headersFrom(int entry) {
        return entry == 0 ? headers : headers.asSlice((long) entry * HEADER);
    }

    MemorySegment messages() {
        return messages;
    }

    long offset(int entry) {
        return (long) entry * STRIDE;
    }

    int received(int entry) {
        return headers.get(ValueLayout.JAVA_INT, (long) entry * HEADER + RECEIVED);
    }

    boolean isCutOff(int entry) {
        return (headers.get(ValueLayout.JAVA_INT, (long) entry * HEADER + FLAGS) & Kernel.MSG_TRUNC) != 0;
    }

    /** Sets how much of an entry is sent, and frees the reply of the interface the query came in by. */
    void reply(int entry, int length) {
        vectors.set(ValueLayout.JAVA_LONG, (long) entry * IOVEC + 8, length);
        if (packetDetails && headers.get(ValueLayout.JAVA_LONG, (long) entry * HEADER + CONTROL_LENGTH) > 0) {
            long control = (long) entry * CONTROL;
            boolean ipv6 = controls.get(ValueLayout.JAVA_INT, control + 12) == Kernel.IPV6_PKTINFO;
            controls.set(ValueLayout.JAVA_INT, control + CONTROL_DATA + (ipv6 ? 16 : 0), 0);
        }
    }

    void readPeer(int entry, Client client) {
        long peer = (long) entry * PEER;
        if (peers.get(ValueLayout.JAVA_SHORT, peer) == Kernel.AF_INET) {
            client.set4(Bytes.i32(peers, peer + 4));
        } else {
            client.set6(Bytes.i64(peers, peer + 8), Bytes.i64(peers, peer + 16));
        }
    }

    /** The peer's address as an object, for the slow path. */
    InetAddress peer(int entry) {
        long peer = (long) entry * PEER;
        boolean ipv4 = peers.get(ValueLayout.JAVA_SHORT, peer) == Kernel.AF_INET;
        byte[] address = peers.asSlice(peer + (ipv4 ? 4 : 8), ipv4 ? 4 : 16).toArray(ValueLayout.JAVA_BYTE);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    byte[] query(int entry) {
        return messages.asSlice(offset(entry), received(entry)).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Puts a ready response into an entry; false when it does not fit a datagram. */
    boolean put(int entry, byte[] response) {
        if (response.length > FastPath.MAX_UDP) {
            return false;
        }
        MemorySegment.copy(response, 0, messages, ValueLayout.JAVA_BYTE, offset(entry), response.length);
        return true;
    }

    /** A {@code struct sockaddr_in} or {@code sockaddr_in6}. */
    static MemorySegment socketAddress(Arena arena, InetAddress address, int port, boolean asIpv6) {
        byte[] bytes = address.getAddress();
        boolean ipv6 = asIpv6 || !(address instanceof Inet4Address);
        MemorySegment structure = arena.allocate(ipv6 ? PEER_SIZE : 16, 8);
        structure.set(ValueLayout.JAVA_SHORT, 0, (short) (ipv6 ? Kernel.AF_INET6 : Kernel.AF_INET));
        Bytes.put16(structure, 2, port);
        boolean wildcard = address.isAnyLocalAddress();
        if (!wildcard) {
            MemorySegment.copy(bytes, 0, structure, ValueLayout.JAVA_BYTE, ipv6 ? 8 : 4, bytes.length);
        }
        return structure;
    }

    static int port(MemorySegment socketAddress) {
        return Bytes.u16(socketAddress, 2);
    }
}
