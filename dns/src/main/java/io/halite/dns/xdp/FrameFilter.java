package io.halite.dns.xdp;

import io.halite.dns.transport.Kernel;
import io.halite.dns.xdp.Instructions.Size;
import io.halite.dns.xdp.Instructions.Test;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The program in the kernel that picks the frames of one interface which are queries to us: Ethernet to the interface's own
 * address, IPv4 without options or fragments or IPv6 without extension headers, UDP to our port, and to one of our addresses
 * there. They go to the AF_XDP socket of their queue. Everything else, and what comes by a queue without a socket, passes
 * as if there were no program. It is gone with the process.
 */
final class FrameFilter implements AutoCloseable {
    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE = 2;
    private static final int MAP_DELETE = 3;
    private static final int PROGRAM_LOAD = 5;
    private static final int LINK_CREATE = 28;
    private static final int HASH = 1;
    private static final int XSKMAP = 17;
    private static final int PROGRAM_XDP = 6;
    private static final int ATTACH_XDP = 37;
    private static final int MODE_GENERIC = 2;
    private static final int MODE_DRIVER = 4;
    private static final int LOOKUP = 1;
    private static final int REDIRECT = 51;
    private static final int PASS = 2;
    private static final int ATTRIBUTES = 128;

    private static final int MOST_ADDRESSES = 4096;
    private static final int MOST_QUEUES = 256;
    private static final int ADDRESS_SIZE = 16;
    /** Longer frames than any query's, with a VLAN tag that the interface left in place. */
    private static final int LONGEST = 1518;

    private final MemorySegment error;
    private final Set<InetAddress> addresses = new HashSet<>();
    private int addressMap = -1;
    private int socketMap = -1;
    private int program = -1;
    private int link = -1;
    private boolean generic;

    private FrameFilter(MemorySegment error) {
        this.error = error;
    }

    /**
     * Loads the program without attaching it.
     *
     * @param hardware the six bytes of the interface's own address
     */
    static FrameFilter load(MemorySegment error, int port, byte[] hardware) throws IOException {
        FrameFilter filter = new FrameFilter(error);
        boolean isWhole = false;
        try (Arena arena = Arena.ofConfined()) {
            filter.addressMap = filter.createMap(arena, HASH, ADDRESS_SIZE, MOST_ADDRESSES);
            filter.socketMap = filter.createMap(arena, XSKMAP, Integer.BYTES, MOST_QUEUES);
            filter.program = filter.loadProgram(arena,
                    program(port, hardware, filter.addressMap, filter.socketMap));
            isWhole = true;
            return filter;
        } finally {
            if (!isWhole) {
                filter.close();
            }
        }
    }

    private int createMap(Arena arena, int type, int keySize, int entries) throws IOException {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        attributes.set(ValueLayout.JAVA_INT, 0, type);
        attributes.set(ValueLayout.JAVA_INT, 4, keySize);
        attributes.set(ValueLayout.JAVA_INT, 8, Integer.BYTES);
        attributes.set(ValueLayout.JAVA_INT, 12, entries);
        return XdpFailure.check("a BPF map", XdpCalls.bpf(error, MAP_CREATE, attributes));
    }

    private int loadProgram(Arena arena, Instructions instructions) throws IOException {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        attributes.set(ValueLayout.JAVA_INT, 0, PROGRAM_XDP);
        attributes.set(ValueLayout.JAVA_INT, 4, instructions.count());
        attributes.set(ValueLayout.JAVA_LONG, 8, instructions.in(arena).address());
        attributes.set(ValueLayout.JAVA_LONG, 16, arena.allocateFrom("Apache-2.0").address());
        MemorySegment.copy("halite_dns".getBytes(StandardCharsets.US_ASCII), 0, attributes, ValueLayout.JAVA_BYTE, 48, 10);
        return XdpFailure.check("the BPF program", XdpCalls.bpf(error, PROGRAM_LOAD, attributes));
    }

    /** Register 6 holds the context, 7 where the frame begins, 8 where it ends. */
    private static Instructions program(int port, byte[] hardware, int addressMap, int socketMap) {
        ByteBuffer mac = ByteBuffer.wrap(hardware).order(ByteOrder.nativeOrder());
        return new Instructions()
                .move(6, 1)
                .load(Size.WORD, 7, 6, 0)
                .load(Size.WORD, 8, 6, 4)
                .move(2, 7).addNumber(2, Frame.IPV4_PAYLOAD)
                .whenRegister(2, Test.GREATER_REGISTER, 8, "pass")
                .move(2, 7).addNumber(2, LONGEST)
                .whenRegister(2, Test.LESS_REGISTER, 8, "pass")
                .load(Size.WORD, 2, 7, 0).when(2, Test.NOT_EQUAL_32, mac.getInt(0), "pass")
                .load(Size.HALF, 2, 7, 4).when(2, Test.NOT_EQUAL, mac.getShort(4) & 0xFFFF, "pass")
                .load(Size.HALF, 2, 7, Frame.ETHER_TYPE)
                .when(2, Test.EQUAL, network16(Frame.TYPE_IPV4), "ipv4")
                .when(2, Test.NOT_EQUAL, network16(Frame.TYPE_IPV6), "pass")

                .move(2, 7).addNumber(2, Frame.IPV6_PAYLOAD)
                .whenRegister(2, Test.GREATER_REGISTER, 8, "pass")
                .load(Size.BYTE, 2, 7, Frame.IP).andNumber(2, 0xF0).when(2, Test.NOT_EQUAL, 0x60, "pass")
                .load(Size.BYTE, 2, 7, Frame.IP + 6).when(2, Test.NOT_EQUAL, Frame.UDP, "pass")
                .load(Size.HALF, 2, 7, Frame.IPV6_UDP + 2).when(2, Test.NOT_EQUAL, network16(port), "pass")
                .load(Size.DOUBLE, 2, 7, Frame.IPV6_DESTINATION).store(Size.DOUBLE, 10, -16, 2)
                .load(Size.DOUBLE, 2, 7, Frame.IPV6_DESTINATION + 8).store(Size.DOUBLE, 10, -8, 2)
                .jump("look up")

                .label("ipv4")
                .load(Size.BYTE, 2, 7, Frame.IP).when(2, Test.NOT_EQUAL, 0x45, "pass")
                .load(Size.HALF, 2, 7, Frame.IP + 6).andNumber(2, network16(0x3FFF)).when(2, Test.NOT_EQUAL, 0, "pass")
                .load(Size.BYTE, 2, 7, Frame.IP + 9).when(2, Test.NOT_EQUAL, Frame.UDP, "pass")
                .load(Size.HALF, 2, 7, Frame.IPV4_UDP + 2).when(2, Test.NOT_EQUAL, network16(port), "pass")
                .storeNumber(Size.DOUBLE, 10, -16, 0)
                .storeNumber(Size.HALF, 10, -8, 0)
                .storeNumber(Size.HALF, 10, -6, 0xFFFF)
                .load(Size.WORD, 2, 7, Frame.IPV4_DESTINATION).store(Size.WORD, 10, -4, 2)

                .label("look up")
                .loadMap(1, addressMap).move(2, 10).addNumber(2, -ADDRESS_SIZE).call(LOOKUP)
                .when(0, Test.EQUAL, 0, "pass")
                .loadMap(1, socketMap).load(Size.WORD, 2, 6, 16).moveNumber(3, PASS).call(REDIRECT)
                .exit()

                .label("pass").moveNumber(0, PASS).exit();
    }

    private static int network16(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Short.reverseBytes((short) value) & 0xFFFF;
    }

    /** Gives the frames of a queue to a socket. */
    void serve(int queue, int socket) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            update(arena, socketMap, number(arena, queue), number(arena, socket));
        }
    }

    /** Takes frames to these addresses from now on, and no others. */
    void accept(Set<InetAddress> wanted) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            for (InetAddress address : wanted) {
                if (!addresses.contains(address)) {
                    update(arena, addressMap, key(arena, address), number(arena, 1));
                    addresses.add(address);
                }
            }
            for (InetAddress address : List.copyOf(addresses)) {
                if (!wanted.contains(address)) {
                    MemorySegment attributes = element(arena, addressMap, key(arena, address));
                    XdpFailure.check("an address of the BPF map", XdpCalls.bpf(error, MAP_DELETE, attributes));
                    addresses.remove(address);
                }
            }
        }
    }

    /** IPv4 addresses stand in their mapped form. */
    private static MemorySegment key(Arena arena, InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer key = ByteBuffer.allocate(ADDRESS_SIZE);
        if (bytes.length < ADDRESS_SIZE) {
            key.putShort(10, (short) 0xFFFF);
        }
        key.put(ADDRESS_SIZE - bytes.length, bytes);
        return arena.allocate(ADDRESS_SIZE, 8).copyFrom(MemorySegment.ofBuffer(key));
    }

    private static MemorySegment number(Arena arena, int value) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, value);
    }

    private static MemorySegment element(Arena arena, int map, MemorySegment key) {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        attributes.set(ValueLayout.JAVA_INT, 0, map);
        attributes.set(ValueLayout.JAVA_LONG, 8, key.address());
        return attributes;
    }

    private void update(Arena arena, int map, MemorySegment key, MemorySegment value) throws IOException {
        MemorySegment attributes = element(arena, map, key);
        attributes.set(ValueLayout.JAVA_LONG, 16, value.address());
        XdpFailure.check("an entry of a BPF map", XdpCalls.bpf(error, MAP_UPDATE, attributes));
    }

    /** Lets the program see the frames of an interface: in its driver, or, where that cannot, behind it. */
    void attach(int interfaceIndex) throws IOException {
        int attached = link(interfaceIndex, MODE_DRIVER);
        if (attached < 0 && attached != -XdpCalls.EBUSY && attached != -XdpCalls.EPERM) {
            generic = true;
            attached = link(interfaceIndex, MODE_GENERIC);
        }
        link = XdpFailure.check("attaching the BPF program", attached);
    }

    private int link(int interfaceIndex, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
            attributes.set(ValueLayout.JAVA_INT, 0, program);
            attributes.set(ValueLayout.JAVA_INT, 4, interfaceIndex);
            attributes.set(ValueLayout.JAVA_INT, 8, ATTACH_XDP);
            attributes.set(ValueLayout.JAVA_INT, 12, mode);
            return XdpCalls.bpf(error, LINK_CREATE, attributes);
        }
    }

    /** Whether the program runs behind the driver, and not in it. */
    boolean isGeneric() {
        return generic;
    }

    @Override
    public void close() {
        for (int descriptor : new int[] {link, program, socketMap, addressMap}) {
            if (descriptor >= 0) {
                Kernel.close(error, descriptor);
            }
        }
        link = -1;
        program = -1;
        socketMap = -1;
        addressMap = -1;
    }
}
