package io.halite.dns.xdp;

import io.halite.dns.transport.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;

/** The kernel's half of an AF_XDP socket, by the words of its documentation; used by one thread, the socket's by another. */
final class FakeKernel {
    private static final VarHandle COUNTER = ValueLayout.JAVA_INT.varHandle();
    private static final int PRODUCER = 8;
    private static final int CONSUMER = 16;
    private static final int ENTRIES = 24;
    private static final int HEADROOM = 256;
    /** Counters wrap at 2^32, and are there soon. */
    private static final int START = -1000;

    private final MemorySegment memory =
            Arena.ofAuto().allocate((long) XdpSocket.FRAMES * XdpSocket.FRAME_SIZE + 4096, 4096);
    private final MemorySegment received = ring(16);
    private final MemorySegment sending = ring(16);
    private final MemorySegment fill = ring(8);
    private final MemorySegment completion = ring(8);

    /** At no page of its own, so that nothing can be unmapped. */
    private static MemorySegment ring(int entrySize) {
        MemorySegment ring = Arena.ofAuto().allocate(ENTRIES + 8 + (long) XdpSocket.FRAMES * entrySize, 4096).asSlice(8);
        ring.set(ValueLayout.JAVA_INT, PRODUCER, START);
        ring.set(ValueLayout.JAVA_INT, CONSUMER, START);
        return ring;
    }

    /** The other half, without a descriptor. */
    XdpSocket socket() {
        return new XdpSocket(Native.errorSlot(Arena.ofAuto()), -1, memory, List.of(
                new Ring(received, CONSUMER, PRODUCER, ENTRIES, 16, XdpSocket.FRAMES),
                new Ring(sending, PRODUCER, CONSUMER, ENTRIES, 16, XdpSocket.FRAMES),
                new Ring(fill, PRODUCER, CONSUMER, ENTRIES, 8, XdpSocket.FRAMES),
                new Ring(completion, CONSUMER, PRODUCER, ENTRIES, 8, XdpSocket.FRAMES)));
    }

    private static int read(MemorySegment ring, int counter) {
        return (int) COUNTER.getAcquire(ring, (long) counter);
    }

    private static int waiting(MemorySegment ring) {
        return read(ring, PRODUCER) - read(ring, CONSUMER);
    }

    private static long place(MemorySegment ring, int counter, int entrySize) {
        return ENTRIES + (long) (read(ring, counter) & (XdpSocket.FRAMES - 1)) * entrySize;
    }

    private static void advance(MemorySegment ring, int counter) {
        COUNTER.setRelease(ring, (long) counter, read(ring, counter) + 1);
    }

    /** False when there is no frame to put it in: then it is lost. */
    boolean deliver(byte[] frame) {
        if (waiting(fill) == 0) {
            return false;
        }
        long address = fill.get(ValueLayout.JAVA_LONG, place(fill, CONSUMER, 8));
        advance(fill, CONSUMER);
        long start = address / XdpSocket.FRAME_SIZE * XdpSocket.FRAME_SIZE + HEADROOM;
        MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, start, frame.length);
        long entry = place(received, PRODUCER, 16);
        received.set(ValueLayout.JAVA_LONG, entry, start);
        received.set(ValueLayout.JAVA_INT, entry + 8, frame.length);
        advance(received, PRODUCER);
        return true;
    }

    /** Sends what stands there to be sent; how many frames it was. */
    int send() {
        int sent = 0;
        while (waiting(sending) > 0) {
            long start = sending.get(ValueLayout.JAVA_LONG, place(sending, CONSUMER, 16));
            advance(sending, CONSUMER);
            completion.set(ValueLayout.JAVA_LONG, place(completion, PRODUCER, 8), start);
            advance(completion, PRODUCER);
            sent++;
        }
        return sent;
    }

    /** Received frames that the socket has not said it took: while there are some, a poll comes back at once. */
    int untaken() {
        return waiting(received);
    }

    /** Frames that may be filled. */
    int free() {
        return waiting(fill);
    }
}
