package io.halite.proxy.http2;

/**
 * What is still known of streams that are over: a frame for one of them may have been under way when we reset it, or is a
 * mistake of the client's (RFC 9113 §5.1). Bounded: the latest count. Confined to one connection.
 */
final class PastStreams {
    private static final int KEPT = 128;
    private static final int[] NONE = {};

    /** Those that we reset while the client was still sending; made when the first is. */
    private int[] cut = NONE;
    private int cuts;
    private int last;
    /** A bit for each of the 64 latest numbers that a client may give, the lowest for the last: whether it was used. */
    private long used;

    /** The client began this stream, the highest so far. */
    void begun(int id) {
        int distance = (id - last) / 2 + (last == 0 ? 1 : 0);
        used = distance < Long.SIZE ? used << distance | 1 : 1;
        last = id;
    }

    /** The highest that the client began. */
    int last() {
        return last;
    }

    /** We ended this stream while the client was still sending. */
    void cut(int id) {
        if (cut.length == 0) {
            cut = new int[KEPT];
        }
        cut[cuts++ % KEPT] = id;
    }

    /** Whether frames of this stream may be under way rightly. */
    boolean wasCut(int id) {
        for (int each : cut) {
            if (each == id) {
                return true;
            }
        }
        return false;
    }

    /** Whether the client ever used this number, not above the last; long ago counts as not. */
    boolean wasUsed(int id) {
        int distance = (last - id) / 2;
        return distance < Long.SIZE && (used >> distance & 1) != 0;
    }
}
