package io.halite.dns.xdp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * One of the four rings that the kernel and an AF_XDP socket hand frames over by: one side puts entries in, the other takes
 * them out, and each tells by its own counter how far it is. Both counters run on and wrap at 2^32 (Linux,
 * Documentation/networking/af_xdp.rst). Owned by one worker.
 */
final class Ring {
    private static final VarHandle COUNTER = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment memory;
    private final long ours;
    private final long theirs;
    private final long entries;
    private final int entrySize;
    private final int mask;
    /** Our counter, ahead of what the kernel was told. */
    private int position;

    /**
     * @param ours where our counter stands in the memory
     * @param theirs where the kernel's counter stands
     * @param entries where the entries begin
     * @param size entries, a power of two
     */
    Ring(MemorySegment memory, long ours, long theirs, long entries, int entrySize, int size) {
        this.memory = memory;
        this.ours = ours;
        this.theirs = theirs;
        this.entries = entries;
        this.entrySize = entrySize;
        mask = size - 1;
        position = (int) COUNTER.getAcquire(memory, ours);
    }

    /** Of a ring that the kernel puts into: how many entries we have not taken. */
    int ready() {
        return (int) COUNTER.getAcquire(memory, theirs) - position;
    }

    /** Of a ring that the kernel takes from: how many of our entries it has not taken. */
    int pending() {
        return position - (int) COUNTER.getAcquire(memory, theirs);
    }

    /** Where the entry so many behind our counter stands. */
    long at(int ahead) {
        return entries + (long) ((position + ahead) & mask) * entrySize;
    }

    /** Goes on by so many entries. */
    void advance(int count) {
        position += count;
    }

    /** Tells the kernel how far we are. */
    void publish() {
        COUNTER.setRelease(memory, ours, position);
    }

    MemorySegment memory() {
        return memory;
    }
}
