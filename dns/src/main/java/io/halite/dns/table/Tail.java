package io.halite.dns.table;

import io.halite.dns.wire.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows the question in one ready-made response: its records as bytes, without OPT. Names are compressed
 * against the question. Where the name in the question is not known beforehand (wildcards, names that do not exist),
 * the pointers that depend on its length are listed and set when the tail is written.
 */
public final class Tail {
    private static final int[] NO_PATCHES = {};
    /** A tail without records. */
    public static final Tail EMPTY = new Tail(new byte[0], new int[3], List.of(), null, Proof.COMPLETE);

    /** Marks a pointer relative to the zone's name within the question. */
    public static final int APEX_MARK = 0x8000;
    /** Marks a pointer relative to the beginning of the tail. */
    public static final int TAIL_MARK = 0xC000;
    private static final int OFFSET = 0x3FFF;

    private final byte[] bytes;
    private final long counts;
    private final int[] patches;
    private final Tail signed;
    private final Proof proof;

    /**
     * Takes the array as its own.
     *
     * @param counts records in the answer, authority and additional section
     * @param patches positions of marked pointers
     * @param signed what clients get that ask for DNSSEC; null for the same
     * @param proof what must follow it
     */
    public Tail(byte[] bytes, int[] counts, List<Integer> patches, @Nullable Tail signed, Proof proof) {
        this.bytes = bytes;
        this.counts = (long) counts[0] << 32 | (long) counts[1] << 16 | counts[2];
        this.patches = patches.isEmpty() ? NO_PATCHES : patches.stream().mapToInt(Integer::intValue).toArray();
        this.signed = signed == null ? this : signed;
        this.proof = proof;
    }

    public int length() {
        return bytes.length;
    }

    /** Records in the answer, authority and additional section, where the counters of a header stand for them. */
    public long counts() {
        return counts;
    }

    /** Reads what a response will need of it. */
    int touch() {
        return bytes.length + signed.bytes.length + patches.length;
    }

    /** Whether its bytes are the same behind every question. */
    public boolean isPlain() {
        return patches.length == 0;
    }

    /** Its records; not to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** The tail for clients that set DO; itself in a zone without signatures. */
    public Tail signed() {
        return signed;
    }

    /** Which NSEC records must follow it. */
    public Proof proof() {
        return proof;
    }

    /**
     * Writes the tail.
     *
     * @param at where the message starts
     * @param from where the tail starts, relative to the message
     * @param apex where the name of the zone starts in the question, relative to the message
     */
    public void write(MemorySegment message, long at, int from, int apex) {
        MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, at + from, bytes.length);
        patch(message, at, from, apex);
    }

    /** Sets the pointers of a tail whose bytes are written. */
    public void patch(MemorySegment message, long at, int from, int apex) {
        for (int position : patches) {
            long place = at + from + position;
            int marked = Bytes.u16(message, place);
            int base = (marked & TAIL_MARK) == TAIL_MARK ? from : apex;
            Bytes.put16(message, place, 0xC000 | (base + (marked & OFFSET)));
        }
    }
}
