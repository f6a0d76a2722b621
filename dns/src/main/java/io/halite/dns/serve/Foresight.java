package io.halite.dns.serve;

import io.halite.dns.table.Leaf;
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
    private final int[] ends;
    private final int[] slots;
    private final int[] types;
    /** The queries for which there is no leaf, or may be none, and the slots of their nodes. */
    private final int[] others;
    private final int[] nodes;
    private int touched;

    /** For batches of so many queries. */
    Foresight(int most) {
        hashes = new long[most];
        ends = new int[most];
        slots = new int[most];
        types = new int[most];
        others = new int[most];
        nodes = new int[most];
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
        types[place] = type;
        slots[place] = table.leafSlot(hash, Leaf.bit(type));
    }

    /** Reads along the way to each answer. */
    void read(int count, ZoneTable table) {
        int sum = 0;
        int left = 0;
        for (int i = 0; i < count; i++) {
            byte[] leaf = table.leaf(slots[i]);
            sum += leaf == null ? 0 : Leaf.touch(leaf);
            if (leaf == null || (Leaf.types(leaf) & Leaf.bit(types[i])) == 0 || Leaf.isSigned(leaf)) {
                others[left] = i;
                left++;
            }
        }
        touched += left == 0 ? sum : sum + walk(left, table);
    }

    /** Goes the long way for those that may have to, one step of all of them after the other. */
    private int walk(int count, ZoneTable table) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += table.touch(hashes[others[i]]);
        }
        for (int i = 0; i < count; i++) {
            nodes[i] = table.slot(hashes[others[i]]);
            NameNode node = table.node(nodes[i]);
            sum += node == null ? 0 : node.touch();
        }
        for (int i = 0; i < count; i++) {
            NameNode node = table.node(nodes[i]);
            sum += node == null ? 0 : node.touchName() + node.answer(types[others[i]]).touch();
        }
        for (int i = 0; i < count; i++) {
            NameNode node = table.node(nodes[i]);
            sum += node == null ? 0 : node.answer(types[others[i]]).touchRecords();
        }
        return sum;
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
