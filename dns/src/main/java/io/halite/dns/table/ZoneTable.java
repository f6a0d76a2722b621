package io.halite.dns.table;

import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.NameHash;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled, immutable product of one revision and one health version for the DNS responder: every name with its
 * ready-made answers. Workers read the reference once for each batch of queries.
 */
public final class ZoneTable {
    private static final int SPREAD = 0x9E37_79B1;

    private final long revision;
    private final int answers;
    private final NameHash hash;
    /** By slot; 0 where it is empty. */
    private final long[] hashes;
    private final @Nullable NameNode[] slots;
    private final int deepest;
    /** What is asked for most, by name and type. */
    private final byte[] @Nullable [] leaves;
    private final List<ServedZone> zones;

    /**
     * @param answers above the id of every answer
     * @param hash may be the same for all tables of a process
     */
    public ZoneTable(
            long revision, int answers, NameHash hash, Collection<NameNode> nodes, Collection<ServedZone> zones) {
        this.revision = revision;
        this.answers = answers;
        this.hash = hash;
        this.zones = List.copyOf(zones);
        int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, nodes.size())) << 2);
        hashes = new long[capacity];
        slots = new NameNode[capacity];
        leaves = new byte[capacity << 2][];
        int most = 0;
        for (NameNode node : nodes) {
            insert(node);
            most = Math.max(most, labels(node));
        }
        deepest = most;
    }

    /** A table without zones, which refuses every query. */
    public static ZoneTable empty(NameHash hash) {
        return new ZoneTable(0, 0, hash, List.of(), List.of());
    }

    private void insert(NameNode node) {
        long key = hash.of(node.paddedName(), node.nameLength());
        int slot = home(key);
        while (slots[slot] != null) {
            slot = next(slot);
        }
        hashes[slot] = key;
        slots[slot] = node;
        for (byte[] leaf : node.leaves()) {
            for (int bits = Leaf.types(leaf); bits != 0; bits &= bits - 1) {
                insert(leaf, leafSlot(key, Integer.lowestOneBit(bits)));
            }
        }
    }

    private void insert(byte[] leaf, int from) {
        int slot = from;
        while (leaves[slot] != null) {
            slot = nextLeaf(slot);
        }
        leaves[slot] = leaf;
    }

    private int nextLeaf(int slot) {
        return (slot + 1) & (leaves.length - 1);
    }

    private static int labels(NameNode node) {
        byte[] name = node.paddedName();
        int count = 0;
        for (int at = 0; name[at] != 0; at += name[at] + 1) {
            count++;
        }
        return count;
    }

    /** Reads where the search for a hash begins, so that the processor has it near; what it returns means nothing. */
    public int touch(long key) {
        int slot = home(key);
        return (int) hashes[slot] + (slots[slot] == null ? 0 : 1);
    }

    /** Where the search for a hash ends: the slot of a node whose name has it, or one that is empty. */
    public int slot(long key) {
        int slot = home(key);
        while (hashes[slot] != key && hashes[slot] != 0) {
            slot = next(slot);
        }
        return slot;
    }

    /** The node in a slot. */
    public @Nullable NameNode node(int slot) {
        return slots[slot];
    }

    /** Where the search for the leaf of a name and of a type's bit begins. */
    public int leafSlot(long hash, int bit) {
        return ((int) (hash >>> 32) + bit * SPREAD) & (leaves.length - 1);
    }

    /** The leaf in a slot. */
    public byte @Nullable [] leaf(int slot) {
        return leaves[slot];
    }

    /** The leaf of exactly this name and for the type of a bit, or null; searched for from a slot on. */
    public byte @Nullable [] findLeaf(int from, int bit, MemorySegment message, long at, int length) {
        int slot = from;
        for (byte[] leaf = leaves[slot]; leaf != null; leaf = leaves[slot]) {
            if (Leaf.is(leaf, bit, message, at, length)) {
                return leaf;
            }
            slot = nextLeaf(slot);
        }
        return null;
    }

    private int home(long key) {
        return (int) key & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }

    /** The hash of a name in a message. */
    public long hash(MemorySegment message, long at, int length) {
        return hash.of(message, at, length);
    }

    /** The node of exactly this name, or null. */
    public @Nullable NameNode find(MemorySegment message, long at, int length) {
        return find(hash.of(message, at, length), message, at, length);
    }

    /** The same when the hash of the name is known. */
    public @Nullable NameNode find(long key, MemorySegment message, long at, int length) {
        int slot = home(key);
        for (NameNode node = slots[slot]; node != null; node = slots[slot]) {
            if (hashes[slot] == key && node.is(message, at, length)) {
                return node;
            }
            slot = next(slot);
        }
        return null;
    }

    /** The node that answers for a name: its own, or the wildcard in its place; null for none. */
    public @Nullable NameNode findOrWildcard(MemorySegment message, long at, int length) {
        NameNode node = find(message, at, length);
        if (node != null) {
            return node;
        }
        NameNode encloser = encloser(message, at, length);
        return encloser == null ? null : encloser.wildcard();
    }

    /**
     * The closest existing ancestor of a name that was not found (RFC 4592 section 3.3.1), or null when no zone covers
     * it. Suffixes deeper than every name are not tried, so a long name costs no more than a short one.
     */
    public @Nullable NameNode encloser(MemorySegment message, long at, int length) {
        int labels = 0;
        for (int i = 0; Bytes.u8(message, at + i) != 0; i += Bytes.u8(message, at + i) + 1) {
            labels++;
        }
        int skipped = 0;
        while (skipped + 1 < length) {
            skipped += Bytes.u8(message, at + skipped) + 1;
            labels--;
            NameNode node = labels <= deepest ? find(message, at + skipped, length - skipped) : null;
            if (node != null) {
                return node;
            }
        }
        return null;
    }

    public long revision() {
        return revision;
    }

    /** Above the id of every answer. */
    public int answers() {
        return answers;
    }

    public List<ServedZone> zones() {
        return zones;
    }
}
