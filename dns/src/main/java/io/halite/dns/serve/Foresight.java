package io.halite.dns.serve;

import io.halite.dns.table.NameNode;
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
    private final int[] slots;
    private int touched;

    /** For batches of so many queries. */
    Foresight(int most) {
        hashes = new long[most];
        types = new int[most];
        slots = new int[most];
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
        for (int i = 0; i < count; i++) {
            sum += table.touch(hashes[i]);
        }
        for (int i = 0; i < count; i++) {
            slots[i] = table.slot(hashes[i]);
            NameNode node = table.node(slots[i]);
            sum += node == null ? 0 : node.touch();
        }
        for (int i = 0; i < count; i++) {
            NameNode node = table.node(slots[i]);
            sum += node == null ? 0 : node.touchName() + node.answer(types[i]).touch();
        }
        for (int i = 0; i < count; i++) {
            NameNode node = table.node(slots[i]);
            sum += node == null ? 0 : node.answer(types[i]).touchRecords();
        }
        touched += sum;
    }

    /** The hash of the name that a query asks for. */
    long hash(int place) {
        return hashes[place];
    }

    /** The slot of the table where the search for that hash ends. */
    int slot(int place) {
        return slots[place];
    }

    /** Something made of all that was read: the compiler cannot leave the reading out. */
    int touched() {
        return touched;
    }
}
