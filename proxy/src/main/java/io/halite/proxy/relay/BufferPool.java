package io.halite.proxy.relay;

import org.jspecify.annotations.Nullable;

/**
 * Buffers of a loop by size class, kept for reuse up to a bound. A connection has one only while bytes wait in it.
 * Confined to the thread of its loop.
 */
public final class BufferPool {
    private static final int[] SIZES = {2 * 1024, 8 * 1024, 32 * 1024, Loop.OUTPUT};
    /** Bytes kept per size class: enough for a busy loop, little beside the heap. */
    private static final int KEPT_BYTES = 2 * 1024 * 1024;

    private final @Nullable IoBuffer[][] free = new IoBuffer[SIZES.length][];
    private final int[] counts = new int[SIZES.length];
    private long taken;

    BufferPool() {
        for (int at = 0; at < SIZES.length; at++) {
            free[at] = new IoBuffer[KEPT_BYTES / SIZES[at]];
        }
    }

    /** A buffer of at least this size; its content is arbitrary. */
    public IoBuffer take(int size) {
        int at = sizeClass(size);
        taken += SIZES[at];
        if (counts[at] > 0) {
            IoBuffer buffer = free[at][--counts[at]];
            free[at][counts[at]] = null;
            if (buffer != null) {
                return buffer;
            }
        }
        return new IoBuffer(SIZES[at]);
    }

    /** Gives a buffer back. */
    public void give(IoBuffer buffer) {
        int at = sizeClass(buffer.size());
        taken -= SIZES[at];
        if (counts[at] < free[at].length) {
            free[at][counts[at]++] = buffer;
        }
    }

    /** Bytes of the buffers that are in use. */
    public long taken() {
        return taken;
    }

    private static int sizeClass(int size) {
        for (int at = 0; at < SIZES.length; at++) {
            if (size <= SIZES[at]) {
                return at;
            }
        }
        throw new IllegalArgumentException("no buffer of " + size + " bytes");
    }
}
