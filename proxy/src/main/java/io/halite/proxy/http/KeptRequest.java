package io.halite.proxy.http;

import io.halite.proxy.relay.BufferPool;
import io.halite.proxy.relay.IoBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a request's head, for routing and for another try, and behind it the body when that was complete at once
 * and small. Reused from request to request; room for a large one is borrowed.
 */
final class KeptRequest {
    /** A request that fits with its body is kept whole, so that it can be tried again. */
    private static final int REPLAYABLE = 16 * 1024;
    private static final int INITIAL = 2 * 1024;

    private final BufferPool buffers;
    private final byte[] small = new byte[INITIAL];
    private @Nullable IoBuffer large;
    private byte[] copy = small;

    KeptRequest(BufferPool buffers) {
        this.buffers = buffers;
    }

    /** Makes room for a head that may be among so many bytes; how many of them it can take. */
    int prepare(int available, int headLimit) {
        int most = Math.min(available, Math.max(headLimit, REPLAYABLE));
        if (copy.length < most) {
            IoBuffer taken = buffers.take(most);
            release();
            large = taken;
            copy = taken.bytes();
        }
        return most;
    }

    void head(byte[] bytes, int start, int length) {
        System.arraycopy(bytes, start, copy, 0, length);
    }

    /** Keeps a complete body behind the head unless both are too large together; whether it did. */
    boolean body(int headLength, byte[] bytes, int from, int to) {
        if (headLength + to - from > REPLAYABLE) {
            return false;
        }
        System.arraycopy(bytes, from, copy, headLength, to - from);
        return true;
    }

    byte[] bytes() {
        return copy;
    }

    /** Gives the room for a large copy back; nothing is kept any more. */
    void release() {
        IoBuffer given = large;
        if (given != null) {
            large = null;
            copy = small;
            buffers.give(given);
        }
    }
}
