package io.halite.dns.xdp;

import io.halite.dns.wire.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * The Internet checksum (RFC 1071). Its sum may be taken in any byte order as long as it is put back in the same; here the
 * first byte is the lowest. Sums are unfolded 64-bit numbers, which may be added up.
 */
final class Checksum {
    private Checksum() {}

    /** The sum over bytes that begin at an even place of what is summed up; the buffer has padding behind them. */
    static long sum(MemorySegment memory, long from, int length) {
        long sum = 0;
        long at = from;
        long end = from + (length & ~7);
        while (at < end) {
            long word = Bytes.word(memory, at);
            sum += (word & 0xFFFF_FFFFL) + (word >>> 32);
            at += 8;
        }
        int left = length & 7;
        if (left > 0) {
            long word = Bytes.head(Bytes.word(memory, at), left);
            sum += (word & 0xFFFF_FFFFL) + (word >>> 32);
        }
        return sum;
    }

    /** What a 16-bit number in network order adds to a sum. */
    static long of16(int value) {
        return Short.reverseBytes((short) value) & 0xFFFF;
    }

    /** A sum in 16 bits, as a number in network order. */
    static int fold(long sum) {
        long folded = (sum & 0xFFFF_FFFFL) + (sum >>> 32);
        folded = (folded & 0xFFFF) + (folded >>> 16 & 0xFFFF) + (folded >>> 32);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        return Short.reverseBytes((short) folded) & 0xFFFF;
    }
}
