package io.halite.dns.xdp;

import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.Client;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * One Ethernet frame with a UDP datagram that {@link FrameFilter} let through (RFC 791, 8200, 768). It is read, and its
 * answer goes back in it: the addresses swapped, from whom it was sent to, to whoever sent it. Mutable, and reused for one
 * frame after the other by the worker that owns it.
 */
final class Frame {
    static final int ETHER_TYPE = 12;
    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_IPV6 = 0x86DD;
    static final int UDP = 17;
    static final int IP = 14;
    static final int IPV4_DESTINATION = IP + 16;
    static final int IPV4_UDP = IP + 20;
    static final int IPV4_PAYLOAD = IPV4_UDP + 8;
    static final int IPV6_DESTINATION = IP + 24;
    static final int IPV6_UDP = IP + 40;
    static final int IPV6_PAYLOAD = IPV6_UDP + 8;

    private static final int ETHER_SOURCE = 6;
    private static final int ETHER_GROUP = 1;
    private static final int UDP_HEADER = 8;
    private static final int IPV4_START = 0x4500;
    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final int IPV6_START = 0x6000_0000;
    private static final int HOP_LIMIT = 64;
    private static final int FULL_SUM = 0xFFFF;
    private static final long MAC = 0xFFFF_FFFF_FFFFL;

    private final MemorySegment memory;
    private long at;
    private boolean ipv6;
    private int size;

    /** @param memory where all frames are, with padding behind them */
    Frame(MemorySegment memory) {
        this.memory = memory;
    }

    /** Looks at the frame that begins here from now on. */
    void point(long start) {
        at = start;
        ipv6 = Bytes.u16(memory, start + ETHER_TYPE) == TYPE_IPV6;
        size = Bytes.u16(memory, start + udp() + 4) - UDP_HEADER;
    }

    /** Whether a frame of so many bytes is whole, unharmed and from somebody who can be answered. */
    boolean isSound(int length) {
        int end = ipv6 ? IPV6_UDP + Bytes.u16(memory, at + IP + 4) : IP + Bytes.u16(memory, at + IP + 2);
        return end <= length && size >= 0 && udp() + UDP_HEADER + size <= end && isAnswerable() && isUnharmed();
    }

    private int udp() {
        return ipv6 ? IPV6_UDP : IPV4_UDP;
    }

    /**
     * Whether its sender is one host elsewhere: neither what RFC 1812 section 5.3.7 calls Martian, nor a group of Ethernet
     * addresses, nor the address that it was sent to.
     */
    private boolean isAnswerable() {
        if (Bytes.u16(memory, at + udp()) == 0 || (Bytes.u8(memory, at + ETHER_SOURCE) & ETHER_GROUP) != 0) {
            return false;
        }
        if (ipv6) {
            long high = Bytes.i64(memory, at + IP + 8);
            boolean mapped = high == 0 && Bytes.i32(memory, at + IP + 16) >>> 16 == 0;
            boolean own = high == Bytes.i64(memory, at + IPV6_DESTINATION)
                    && Bytes.i64(memory, at + IP + 16) == Bytes.i64(memory, at + IPV6_DESTINATION + 8);
            return high >>> 56 != 0xFF && !mapped && !own;
        }
        int source = Bytes.i32(memory, at + IP + 12);
        int first = source >>> 24;
        return first != 0 && first != 127 && first < 224 && source != Bytes.i32(memory, at + IPV4_DESTINATION);
    }

    /** A sender on this machine may leave the sum to hardware that never comes: then only that of the addresses is there. */
    private boolean isUnharmed() {
        if (!ipv6 && Checksum.fold(Checksum.sum(memory, at + IP, IPV4_UDP - IP)) != FULL_SUM) {
            return false;
        }
        int told = Bytes.u16(memory, at + udp() + 6);
        if (told == 0) {
            return !ipv6;
        }
        int datagram = size + UDP_HEADER;
        long addresses = pseudoHeader(datagram);
        return Checksum.fold(addresses + Checksum.sum(memory, at + udp(), datagram)) == FULL_SUM
                || told == Checksum.fold(addresses);
    }

    private long pseudoHeader(int datagram) {
        long addresses = ipv6
                ? Checksum.sum(memory, at + IP + 8, 32)
                : Checksum.sum(memory, at + IP + 12, 8);
        return addresses + Checksum.of16(UDP) + Checksum.of16(datagram);
    }

    /** Where the DNS message begins. */
    long payload() {
        return at + udp() + UDP_HEADER;
    }

    /** The bytes of the DNS message. */
    int size() {
        return size;
    }

    void readClient(Client client) {
        if (ipv6) {
            client.set6(Bytes.i64(memory, at + IP + 8), Bytes.i64(memory, at + IP + 16));
        } else {
            client.set4(Bytes.i32(memory, at + IP + 12));
        }
    }

    /** Who sent it, as an object. */
    InetAddress sender() {
        byte[] address = memory.asSlice(at + IP + (ipv6 ? 8 : 12), ipv6 ? 16 : 4).toArray(ValueLayout.JAVA_BYTE);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    /**
     * Makes it the answer, whose message stands in it already.
     *
     * @param length of the message
     * @return bytes of the frame
     */
    int turnAround(int length) {
        long there = Bytes.word(memory, at) & MAC;
        long here = Bytes.word(memory, at + ETHER_SOURCE) & MAC;
        Bytes.put64(memory, at, Long.reverseBytes(here | there << 48));
        Bytes.put32(memory, at + 8, Integer.reverseBytes((int) (there >>> 16)));
        int datagram = length + UDP_HEADER;
        if (ipv6) {
            turnIpv6(datagram);
        } else {
            turnIpv4(datagram);
        }
        int udp = udp();
        int ports = Bytes.i32(memory, at + udp);
        Bytes.put32(memory, at + udp, ports << 16 | ports >>> 16);
        Bytes.put16(memory, at + udp + 4, datagram);
        Bytes.put16(memory, at + udp + 6, 0);
        int sum = ~Checksum.fold(pseudoHeader(datagram) + Checksum.sum(memory, at + udp, datagram)) & FULL_SUM;
        // RFC 768: no sum at all is told by a zero, a sum of zero by its other form.
        Bytes.put16(memory, at + udp + 6, sum == 0 ? FULL_SUM : sum);
        return udp + datagram;
    }

    private void turnIpv4(int datagram) {
        int from = Bytes.i32(memory, at + IP + 12);
        Bytes.put16(memory, at + IP, IPV4_START);
        Bytes.put16(memory, at + IP + 2, IPV4_UDP - IP + datagram);
        Bytes.put32(memory, at + IP + 4, DO_NOT_FRAGMENT);
        Bytes.put32(memory, at + IP + 8, HOP_LIMIT << 24 | UDP << 16);
        Bytes.put32(memory, at + IP + 12, Bytes.i32(memory, at + IPV4_DESTINATION));
        Bytes.put32(memory, at + IPV4_DESTINATION, from);
        Bytes.put16(memory, at + IP + 10, ~Checksum.fold(Checksum.sum(memory, at + IP, IPV4_UDP - IP)) & FULL_SUM);
    }

    private void turnIpv6(int datagram) {
        long high = Bytes.i64(memory, at + IP + 8);
        long low = Bytes.i64(memory, at + IP + 16);
        Bytes.put32(memory, at + IP, IPV6_START);
        Bytes.put32(memory, at + IP + 4, datagram << 16 | UDP << 8 | HOP_LIMIT);
        Bytes.put64(memory, at + IP + 8, Bytes.i64(memory, at + IPV6_DESTINATION));
        Bytes.put64(memory, at + IP + 16, Bytes.i64(memory, at + IPV6_DESTINATION + 8));
        Bytes.put64(memory, at + IPV6_DESTINATION, high);
        Bytes.put64(memory, at + IPV6_DESTINATION + 8, low);
    }
}
