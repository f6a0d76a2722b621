package io.halite.proxy.http;

/** Makes request ids: 32 hexadecimal digits, unique rather than secret. Confined to one loop. */
final class RequestId {
    private final long high;
    private long state;

    RequestId(long high, long seed) {
        this.high = high;
        state = seed;
    }

    /** The next id's lower half; the upper one marks this loop of this process. */
    long next() {
        // SplitMix64: every value of the state gives another number.
        state += 0x9E3779B97F4A7C15L;
        long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    long high() {
        return high;
    }
}
