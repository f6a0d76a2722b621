package io.halite.dns.wire;

import java.lang.foreign.MemorySegment;

/**
 * The hash of a name in wire form without regard to case, keyed so that nobody outside can choose names that collide;
 * never 0.
 *
 * @param key0 secret of the process
 * @param key1 secret of the process
 */
public record NameHash(long key0, long key1) {
    private static final long ODD = 0x9E37_79B9_7F4A_7C15L;

    /** Of a name in a message; {@code length} counts the root label. */
    public long of(MemorySegment message, long at, int length) {
        long hash = key0 ^ length;
        int done = 0;
        for (; done + 8 <= length; done += 8) {
            hash = mix(hash, Bytes.lower(Bytes.word(message, at + done)));
        }
        if (done < length) {
            hash = mix(hash, Bytes.lower(Bytes.head(Bytes.word(message, at + done), length - done)));
        }
        return hash == 0 ? 1 : hash;
    }

    /** Of a name in an array with {@link Bytes#PADDING}. */
    public long of(byte[] name, int length) {
        long hash = key0 ^ length;
        int done = 0;
        for (; done + 8 <= length; done += 8) {
            hash = mix(hash, Bytes.lower(Bytes.word(name, done)));
        }
        if (done < length) {
            hash = mix(hash, Bytes.lower(Bytes.head(Bytes.word(name, done), length - done)));
        }
        return hash == 0 ? 1 : hash;
    }

    private long mix(long hash, long word) {
        long left = word ^ key1;
        long right = hash ^ ODD;
        return Math.multiplyHigh(left, right) ^ (left * right) ^ Long.rotateLeft(hash, 23);
    }
}
