package io.halite.proxy.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The kernel's {@code struct msghdr} with a buffer, a peer's address and a control message, by which a reply leaves from
 * the very address that its request was sent to (RFC 3542 §6, ip(7)). Owned by one loop.
 */
final class DatagramMessage {
    private static final int HEADER = 56;
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTORS = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int CONTROL_ROOM = 64;
    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_DATA = 16;
    /** {@code CMSG_SPACE} of {@code struct in_pktinfo}, and of {@code struct in6_pktinfo}. */
    private static final int SPACE_4 = 32;
    private static final int SPACE_6 = 40;

    private final MemorySegment header = Arena.ofAuto().allocate(HEADER, 8);
    private final MemorySegment name = Arena.ofAuto().allocate(SocketAddresses.SIZE, 8);
    private final MemorySegment control = Arena.ofAuto().allocate(CONTROL_ROOM, 8);
    private final MemorySegment vector = Arena.ofAuto().allocate(16, 8);
    private final MemorySegment content = Arena.ofAuto().allocate(Loop.INPUT, 8);

    DatagramMessage() {
        header.set(JAVA_LONG, 0, name.address());
        header.set(JAVA_LONG, VECTOR, vector.address());
        header.set(JAVA_LONG, VECTORS, 1);
        header.set(JAVA_LONG, CONTROL, control.address());
        vector.set(JAVA_LONG, 0, content.address());
    }

    MemorySegment header() {
        return header;
    }

    /** Makes room for a datagram to be received. */
    void prepare() {
        header.set(JAVA_INT, NAME_LENGTH, (int) name.byteSize());
        header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_ROOM);
        vector.set(JAVA_LONG, 8, content.byteSize());
    }

    /** Who sent what was received, and to which address. */
    NativePeer peer() {
        byte[] from = name.asSlice(0, Math.min(header.get(JAVA_INT, NAME_LENGTH), name.byteSize())).toArray(JAVA_BYTE);
        long length = header.get(JAVA_LONG, CONTROL_LENGTH);
        boolean four = length > 0 && control.get(JAVA_INT, CONTROL_LEVEL) == Kernel.IPPROTO_IP;
        if (length > 0) {
            // The reply may leave by another interface than the request came in by; only the address counts.
            control.set(JAVA_INT, CONTROL_DATA + (four ? 0 : 16), 0);
            if (four) {
                // What came to ipi_addr leaves from ipi_spec_dst.
                control.set(JAVA_INT, CONTROL_DATA + 4, control.get(JAVA_INT, CONTROL_DATA + 8));
            }
        }
        byte[] to = control.asSlice(0, length == 0 ? 0 : four ? SPACE_4 : SPACE_6).toArray(JAVA_BYTE);
        return new NativePeer(from, to, SocketAddresses.ip(name));
    }

    void copyTo(IoBuffer into, int length) {
        MemorySegment.copy(content, JAVA_BYTE, 0, into.bytes(), 0, length);
    }

    /** Makes it a reply. */
    void address(NativePeer to, IoBuffer from, int length) {
        MemorySegment.copy(to.name(), 0, name, JAVA_BYTE, 0, to.name().length);
        MemorySegment.copy(to.control(), 0, control, JAVA_BYTE, 0, to.control().length);
        MemorySegment.copy(from.bytes(), 0, content, JAVA_BYTE, 0, length);
        header.set(JAVA_INT, NAME_LENGTH, to.name().length);
        header.set(JAVA_LONG, CONTROL_LENGTH, to.control().length);
        vector.set(JAVA_LONG, 8, length);
    }
}
