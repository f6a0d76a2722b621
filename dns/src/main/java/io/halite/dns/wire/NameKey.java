package io.halite.dns.wire;

import java.lang.foreign.MemorySegment;

/**
 * A name as bytes that sort, unsigned, in the canonical order of names (RFC 4034 section 6.1): labels from the right,
 * in lower case, each ended by a zero; zeros and ones inside labels are escaped. Mutable: owned by one worker.
 */
public final class NameKey {
    private static final int MAX_LABELS = 128;
    /** Each byte of a name may become two. */
    private static final int ROOM = 2 * 255 + MAX_LABELS;

    private final int[] starts = new int[MAX_LABELS];
    private final byte[] bytes = new byte[ROOM];
    private int length;

    /** Takes the name at a place of a message, which has been checked. */
    public void set(MemorySegment message, long at) {
        int labels = 0;
        int position = 0;
        for (int label = Bytes.u8(message, at); label != 0; label = Bytes.u8(message, at + position)) {
            starts[labels] = position;
            labels++;
            position += label + 1;
        }
        length = 0;
        for (int i = labels - 1; i >= 0; i--) {
            int size = Bytes.u8(message, at + starts[i]);
            for (int k = 1; k <= size; k++) {
                add(Bytes.u8(message, at + starts[i] + k));
            }
            put(0);
        }
    }

    private void add(int octet) {
        int lower = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
        if (lower <= 1) {
            put(1);
            put(lower + 1);
        } else {
            put(lower);
        }
    }

    private void put(int octet) {
        bytes[length] = (byte) octet;
        length++;
    }

    /** Valid up to {@link #length}, until the next {@link #set}. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }
}
