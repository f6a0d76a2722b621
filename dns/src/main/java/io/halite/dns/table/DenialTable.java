package io.halite.dns.table;

import io.halite.dns.wire.NameKey;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The signed NSEC records of a zone in canonical order of their owners, each as a tail that can follow another one: which
 * of them proves that a name does not exist is found when the name is asked for.
 */
public final class DenialTable {
    private final byte[][] keys;
    private final Tail[] records;

    /**
     * An NSEC record with its signature.
     *
     * @param owner in wire form
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Link(byte[] owner, Tail tail) {}

    /** Of links in canonical order, the apex first. */
    public DenialTable(List<Link> links) {
        keys = new byte[links.size()][];
        records = new Tail[links.size()];
        NameKey key = new NameKey();
        for (int i = 0; i < keys.length; i++) {
            key.set(MemorySegment.ofArray(Arrays.copyOf(links.get(i).owner(), links.get(i).owner().length + 8)), 0);
            keys[i] = Arrays.copyOf(key.bytes(), key.length());
            records[i] = links.get(i).tail();
        }
    }

    /** The index of the record whose owner is the name or the last one before it. */
    public int covering(NameKey name) {
        int low = 0;
        int high = keys.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            byte[] key = keys[middle];
            if (Arrays.compareUnsigned(key, 0, key.length, name.bytes(), 0, name.length()) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The record of an index. */
    public Tail record(int index) {
        return records[index];
    }
}
