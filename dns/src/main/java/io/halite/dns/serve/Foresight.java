package io.halite.dns.serve;

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
    private final int[] types;
    private int touched;

    /** For batches of so many queries. */
    Foresight(int most) {
        hashes = new long[most];
        types = new int[most];
    }

    /** Notes what a query asks for. */
    void note(int place, ZoneTable table, MemorySegment message, long at, int length) {
        int end = Query.nameEnd(message, at, length);
        hashes[place] = end < 0 ? 0 : table.hash(message, at + Query.HEADER, end - Query.HEADER);
        types[place] = end < 0 ? 0 : Bytes.u16(message, at + end);
    }

    /** Reads along the way to each answer, one step of all of them after the other. */
    void read(int count, ZoneTable table) {
        int sum = 0;
        for (int step = 0; step < ZoneTable.STEPS; step++) {
            for (int i = 0; i < count; i++) {
                sum += table.touch(step, hashes[i], types[i]);
            }
        }
        touched += sum;
    }

    /** The hash of the name that a query asks for. */
    long hash(int place) {
        return hashes[place];
    }

    /** Something made of all that was read: the compiler cannot leave the reading out. */
    int touched() {
        return touched;
    }
}
