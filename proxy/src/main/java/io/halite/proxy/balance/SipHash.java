package io.halite.proxy.balance;

/** SipHash-2-4 (Aumasson, Bernstein, 2012): a keyed hash that is short, fast and cannot be forged without the key. */
final class SipHash {
    private final long k0;
    private final long k1;

    SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** The hash of these bytes. */
    long hash(byte[] text, int start, int end) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int length = end - start;
        int blocks = length / 8;
        for (int block = 0; block <= blocks + 2; block++) {
            // The last block carries the length; then come four rounds of finalization, two per turn, without a block.
            boolean isData = block <= blocks;
            long m = isData ? block(text, start + 8 * block, Math.min(end, start + 8 * block + 8)) : 0;
            m |= block == blocks ? (long) length << 56 : 0;
            v2 ^= block == blocks + 1 ? 0xFF : 0;
            v3 ^= m;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** Little-endian; short ranges are filled up with zeros. */
    private static long block(byte[] text, int start, int end) {
        long block = 0;
        for (int i = end - 1; i >= start; i--) {
            block = block << 8 | (text[i] & 0xFF);
        }
        return block;
    }
}
