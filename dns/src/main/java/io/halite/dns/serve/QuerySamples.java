package io.halite.dns.serve;

import io.halite.dns.wire.Client;
import io.halite.dns.wire.Query;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/**
 * The sampled queries of one worker on their way to the log: a ring that its worker fills without waiting or allocating,
 * and one other thread at a time empties. What does not fit is counted.
 */
public final class QuerySamples {
    private static final int SLOTS = 128;
    private static final int MAX_NAME = 255;
    private static final long MULTIPLIER = 0x2545_F491_4F6C_DD1DL;

    private final Slot[] slots = new Slot[SLOTS];
    private long random;
    private volatile long filled;
    private volatile long emptied;
    private volatile long missed;

    private static final class Slot {
        private final byte[] name = new byte[MAX_NAME];
        private final Client client = new Client();
        private int nameLength;
        private int type;
        private int rcode;
        private int size;
        private boolean stream;
        private boolean secure;
    }

    /**
     * A query as the log tells it.
     *
     * @param name in wire form
     * @param size of the response in bytes
     * @param stream whether it came over TCP
     * @param secure whether it asked for signatures
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Sample(byte[] name, int type, int rcode, int size, String client, boolean stream, boolean secure) {}

    /** An empty ring that draws from this seed, which must not be 0. */
    QuerySamples(long seed) {
        random = seed;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
        }
    }

    /** Whether this one of so many queries is taken. */
    boolean draws(int every) {
        long x = random;
        x ^= x >>> 12;
        x ^= x << 25;
        x ^= x >>> 27;
        random = x;
        return (((x * MULTIPLIER) >>> 32) * every) >>> 32 == 0;
    }

    /** Takes a query whose response is written. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void take(MemorySegment message, long at, Query query, Client client, int rcode, int size, boolean stream) {
        long next = filled;
        if (next - emptied >= SLOTS) {
            missed++;
            return;
        }
        Slot slot = slots[(int) (next % SLOTS)];
        slot.nameLength = query.nameLength();
        MemorySegment.copy(message, ValueLayout.JAVA_BYTE, at + Query.HEADER, slot.name, 0, slot.nameLength);
        slot.client.copy(client);
        slot.type = query.type();
        slot.rcode = rcode;
        slot.size = size;
        slot.stream = stream;
        slot.secure = query.isDnssecOk();
        filled = next + 1;
    }

    /** Hands over everything taken so far; called by one thread at a time. */
    public void drain(Consumer<Sample> sink) {
        for (long next = emptied; next < filled; next++) {
            Slot slot = slots[(int) (next % SLOTS)];
            byte[] name = new byte[slot.nameLength];
            System.arraycopy(slot.name, 0, name, 0, name.length);
            sink.accept(new Sample(name, slot.type, slot.rcode, slot.size, slot.client.toString(), slot.stream,
                    slot.secure));
            emptied = next + 1;
        }
    }

    /** How many found the ring full. */
    public long missed() {
        return missed;
    }
}
