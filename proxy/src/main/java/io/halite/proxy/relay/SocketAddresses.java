package io.halite.proxy.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} and {@code sockaddr_in6}. */
final class SocketAddresses {
    /** Room for either. */
    static final int SIZE = 28;

    private static final int SIZE_4 = 16;
    private static final int ADDRESS_4 = 4;
    private static final int ADDRESS_6 = 8;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    /** The address in the kernel's form. */
    static MemorySegment encode(Arena arena, InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        boolean four = bytes.length == 4;
        MemorySegment encoded = arena.allocate(four ? SIZE_4 : SIZE, 8);
        encoded.set(JAVA_SHORT, 0, (short) (four ? Kernel.AF_INET : Kernel.AF_INET6));
        encoded.set(PORT, 2, (short) address.getPort());
        MemorySegment.copy(bytes, 0, encoded, JAVA_BYTE, four ? ADDRESS_4 : ADDRESS_6, bytes.length);
        return encoded;
    }

    /** The IP address in it, 4 or 16 bytes; an IPv4 address in IPv6 clothes is undressed. */
    static byte[] ip(MemorySegment encoded) {
        boolean four = encoded.get(JAVA_SHORT, 0) == Kernel.AF_INET;
        byte[] bytes = new byte[four ? 4 : 16];
        MemorySegment.copy(encoded, JAVA_BYTE, four ? ADDRESS_4 : ADDRESS_6, bytes, 0, bytes.length);
        return undressed(bytes);
    }

    static int port(MemorySegment encoded) {
        return encoded.get(PORT, 2) & 0xffff;
    }

    static InetSocketAddress decode(MemorySegment encoded) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip(encoded)), port(encoded));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of neither 4 nor 16 bytes", impossible);
        }
    }

    private static byte[] undressed(byte[] bytes) {
        if (bytes.length == 4 || bytes[10] != -1 || bytes[11] != -1) {
            return bytes;
        }
        for (int at = 0; at < 10; at++) {
            if (bytes[at] != 0) {
                return bytes;
            }
        }
        return new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]};
    }
}
