package io.halite.proxy.http;

/**
 * A copy of a request's head, for routing and for another try, and behind it the body when that was complete at once
 * and small. Reused from request to request.
 */
final class KeptRequest {
    /** A request that fits with its body is kept whole, so that it can be tried again. */
    private static final int REPLAYABLE = 16 * 1024;
    private static final int INITIAL = 2 * 1024;

    private byte[] copy = new byte[INITIAL];

    /** Makes room for a head that may be among so many bytes; how many of them it can take. */
    int prepare(int available, int headLimit) {
        int most = Math.min(available, Math.max(headLimit, REPLAYABLE));
        if (copy.length < most) {
            copy = new byte[Integer.highestOneBit(most) * 2];
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

    /** Gives a large copy back. */
    void shrink() {
        if (copy.length > REPLAYABLE) {
            copy = new byte[INITIAL];
        }
    }
}
