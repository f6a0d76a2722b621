package io.halite.proxy.http;

/** Makes request ids: 32 hexadecimal digits, unique rather than secret. Confined to one loop. */
final class RequestId {
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final int DIGITS = 16;

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

    /** Writes a half as sixteen hexadecimal digits; the position behind them. */
    static int write(long half, byte[] out, int at) {
        for (int digit = 0; digit < DIGITS; digit++) {
            out[at + digit] = HEX[(int) (half >>> (60 - 4 * digit)) & 0xf];
        }
        return at + DIGITS;
    }

    long high() {
        return high;
    }
}
