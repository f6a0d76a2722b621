package io.halite.dns.serve;

import io.halite.dns.table.Leaf;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.Query;
import java.lang.foreign.MemorySegment;

/**
 * Reads ahead what the queries of a batch will need from a table. Between two queries for a name the kernel has moved
 * so many packets that nothing of the table is left in the near caches; looked up one after the other, the queries would
 * wait for each miss in turn, while here the misses of a whole batch overlap. Mutable: owned by one worker.
 */
final class Foresight {
    private final long[] hashes;
    private final int[] ends;
    private final int[] slots;
    private int touched;

    /** For batches of so many queries. */
    Foresight(int most) {
        hashes = new long[most];
        ends = new int[most];
        slots = new int[most];
    }

    /** Notes what a query asks for. */
    void note(int place, ZoneTable table, MemorySegment message, long at, int length) {
        int end = Query.nameEnd(message, at, length);
        long hash = 0;
        int type = 0;
        if (end > 0) {
            hash = table.hash(message, at + Query.HEADER, end - Query.HEADER);
            type = Bytes.u16(message, at + end);
        }
        ends[place] = end;
        hashes[place] = hash;
        slots[place] = table.leafSlot(hash, type);
    }

    /** Reads the leaves where the searches begin. */
    void read(int count, ZoneTable table) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            byte[] leaf = table.leaf(slots[i]);
            sum += leaf == null ? 0 : Leaf.touch(leaf);
        }
        touched += sum;
    }

    /** The hash of the name that a query asks for. */
    long hash(int place) {
        return hashes[place];
    }

    /** Where its name ends, as {@link Query#nameEnd} has it. */
    int nameEnd(int place) {
        return ends[place];
    }

    /** The slot of the table where the search for its leaf begins. */
    int slot(int place) {
        return slots[place];
    }

    /** Something made of all that was read: the compiler cannot leave the reading out. */
    int touched() {
        return touched;
    }
}
