package io.halite.dns.xdp;

import io.halite.dns.transport.Kernel;
import io.halite.dns.transport.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * An AF_XDP socket: the frames of one queue of one interface, in memory of our own (Linux,
 * Documentation/networking/af_xdp.rst). Each of its frames is always in one place: waiting to be filled, received, being
 * sent, or sent; so no ring can run over. The kernel copies frames in and out. Owned by one worker; {@link #dropped} is for
 * anybody.
 */
final class XdpSocket implements AutoCloseable {
    private static final int AF_XDP = 44;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_XDP = 283;
    private static final int MMAP_OFFSETS = 1;
    private static final int RX_RING = 2;
    private static final int TX_RING = 3;
    private static final int UMEM_REG = 4;
    private static final int FILL_RING = 5;
    private static final int COMPLETION_RING = 6;
    private static final int STATISTICS = 7;
    private static final long MAP_RX = 0;
    private static final long MAP_TX = 0x8000_0000L;
    private static final long MAP_FILL = 0x1_0000_0000L;
    private static final long MAP_COMPLETION = 0x1_8000_0000L;
    private static final short BIND_COPY = 1 << 1;

    /** Queries that may wait for the worker; what comes in a burst beyond is dropped. */
    static final int FRAMES = 2048;
    static final int FRAME_SIZE = 2048;
    private static final int PAGE = 4096;
    private static final int DESCRIPTOR = 16;
    private static final int ADDRESS = 8;
    private static final int NO_PROGRESS = 3;

    private final MemorySegment error;
    private final int fd;
    private final MemorySegment memory;
    private final List<Ring> rings;
    private final Ring received;
    private final Ring sending;
    private final Ring fill;
    private final Ring completion;
    private final MemorySegment polled = Arena.ofAuto().allocate(8, 8);

    /**
     * One whose frames are all waiting to be filled.
     *
     * @param rings received, sending, fill, completion
     */
    XdpSocket(MemorySegment error, int fd, MemorySegment memory, List<Ring> rings) {
        this.error = error;
        this.fd = fd;
        this.memory = memory;
        this.rings = rings;
        received = rings.get(0);
        sending = rings.get(1);
        fill = rings.get(2);
        completion = rings.get(3);
        polled.set(ValueLayout.JAVA_INT, 0, fd);
        polled.set(ValueLayout.JAVA_SHORT, 4, (short) XdpCalls.POLLIN);
        for (int i = 0; i < FRAMES; i++) {
            giveBack((long) i * FRAME_SIZE);
        }
        fill.publish();
    }

    /** Opens a socket for a queue. */
    static XdpSocket open(int interfaceIndex, int queue) throws IOException {
        MemorySegment error = Native.errorSlot(Arena.ofAuto());
        MemorySegment memory = Arena.ofAuto().allocate((long) FRAMES * FRAME_SIZE + PAGE, PAGE);
        List<Ring> rings = new ArrayList<>();
        XdpSocket socket = null;
        int fd = XdpFailure.check("an AF_XDP socket", Kernel.socket(error, AF_XDP, SOCK_RAW_CLOEXEC));
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment area = scratch.allocate(32, 8);
            area.set(ValueLayout.JAVA_LONG, 0, memory.address());
            area.set(ValueLayout.JAVA_LONG, 8, (long) FRAMES * FRAME_SIZE);
            area.set(ValueLayout.JAVA_INT, 16, FRAME_SIZE);
            set(error, fd, "memory for frames", UMEM_REG, area);
            MemorySegment entries = scratch.allocateFrom(ValueLayout.JAVA_INT, FRAMES);
            for (int ring : new int[] {FILL_RING, COMPLETION_RING, RX_RING, TX_RING}) {
                set(error, fd, "a ring of frames", ring, entries);
            }
            map(error, fd, rings);
            MemorySegment address = scratch.allocate(16, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_XDP);
            address.set(ValueLayout.JAVA_SHORT, 2, BIND_COPY);
            address.set(ValueLayout.JAVA_INT, 4, interfaceIndex);
            address.set(ValueLayout.JAVA_INT, 8, queue);
            XdpFailure.check("queue " + queue, Kernel.bind(error, fd, address));
            socket = new XdpSocket(error, fd, memory, rings);
            return socket;
        } finally {
            if (socket == null) {
                close(error, fd, rings);
            }
        }
    }

    private static void set(MemorySegment error, int fd, String what, int option, MemorySegment value)
            throws IOException {
        XdpFailure.check(what, Kernel.setOption(error, fd, SOL_XDP, option, value));
    }

    private static void map(MemorySegment error, int fd, List<Ring> rings) throws IOException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment offsets = scratch.allocate(128, 8);
            MemorySegment length = scratch.allocateFrom(ValueLayout.JAVA_INT, (int) offsets.byteSize());
            XdpFailure.check("the rings", XdpCalls.option(error, fd, SOL_XDP, MMAP_OFFSETS, offsets, length));
            rings.add(ring(error, fd, offsets.asSlice(0), MAP_RX, DESCRIPTOR, false));
            rings.add(ring(error, fd, offsets.asSlice(32), MAP_TX, DESCRIPTOR, true));
            rings.add(ring(error, fd, offsets.asSlice(64), MAP_FILL, ADDRESS, true));
            rings.add(ring(error, fd, offsets.asSlice(96), MAP_COMPLETION, ADDRESS, false));
        }
    }

    /** A ring's offsets are four numbers: producer, consumer, entries, flags. */
    private static Ring ring(
            MemorySegment error, int fd, MemorySegment offsets, long place, int entrySize, boolean producing)
            throws IOException {
        long producer = offsets.get(ValueLayout.JAVA_LONG, 0);
        long consumer = offsets.get(ValueLayout.JAVA_LONG, 8);
        long entries = offsets.get(ValueLayout.JAVA_LONG, 16);
        MemorySegment mapped = XdpCalls.map(error, fd, place, entries + (long) FRAMES * entrySize);
        if (mapped.address() == 0) {
            XdpFailure.check("a ring's memory", -Native.error(error));
        }
        return producing
                ? new Ring(mapped, producer, consumer, entries, entrySize, FRAMES)
                : new Ring(mapped, consumer, producer, entries, entrySize, FRAMES);
    }

    int descriptor() {
        return fd;
    }

    /** Where the frames are. */
    MemorySegment memory() {
        return memory;
    }

    /** Waits until there is a frame, at most so long. */
    void await(int millis) {
        XdpCalls.poll(polled, millis);
    }

    /** How many frames have come, at most so many; each stays until it is {@link #take taken}. */
    int receive(int most) {
        return Math.min(received.ready(), most);
    }

    /** Where the received frame of this number begins. */
    long start(int number) {
        return received.memory().get(ValueLayout.JAVA_LONG, received.at(number));
    }

    /** Its bytes. */
    int length(int number) {
        return received.memory().get(ValueLayout.JAVA_INT, received.at(number) + ADDRESS);
    }

    /** The first of the received frames is the caller's from now on, to be answered or given back. */
    void take() {
        received.advance(1);
    }

    /** Lets a frame be filled again. */
    void giveBack(long start) {
        fill.memory().set(ValueLayout.JAVA_LONG, fill.at(0), start);
        fill.advance(1);
    }

    /** Has a frame sent with the next {@link #flush}. */
    void answer(long start, int length) {
        MemorySegment ring = sending.memory();
        long at = sending.at(0);
        ring.set(ValueLayout.JAVA_LONG, at, start);
        ring.set(ValueLayout.JAVA_INT, at + ADDRESS, length);
        ring.set(ValueLayout.JAVA_INT, at + ADDRESS + 4, 0);
        sending.advance(1);
    }

    /** Gives back the first of the received frames unread, if there is one. */
    void skip() {
        if (received.ready() > 0) {
            long start = start(0);
            take();
            giveBack(start);
        }
    }

    /** Sends, and lets what was sent be filled again; false when the interface takes no more at present. */
    boolean flush() {
        received.publish();
        sending.publish();
        int left = sending.pending();
        int tries = 0;
        while (left > 0 && tries < NO_PROGRESS) {
            XdpCalls.kick(fd);
            int now = sending.pending();
            tries = now == left ? tries + 1 : 0;
            left = now;
        }
        int sent = completion.ready();
        for (int i = 0; i < sent; i++) {
            giveBack(completion.memory().get(ValueLayout.JAVA_LONG, completion.at(i)));
        }
        completion.advance(sent);
        completion.publish();
        fill.publish();
        return left == 0;
    }

    /** Frames that came when there was no room for them. */
    long dropped() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment statistics = scratch.allocate(48, 8);
            MemorySegment length = scratch.allocateFrom(ValueLayout.JAVA_INT, (int) statistics.byteSize());
            MemorySegment slot = Native.errorSlot(scratch);
            if (XdpCalls.option(slot, fd, SOL_XDP, STATISTICS, statistics, length) < 0) {
                return 0;
            }
            return statistics.get(ValueLayout.JAVA_LONG, 0) + statistics.get(ValueLayout.JAVA_LONG, 24);
        }
    }

    /** Once, by whoever owns it. */
    @Override
    public void close() {
        close(error, fd, rings);
    }

    private static void close(MemorySegment error, int fd, List<Ring> rings) {
        rings.forEach(ring -> XdpCalls.unmap(error, ring.memory()));
        Kernel.close(error, fd);
    }
}
