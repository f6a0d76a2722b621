package io.halite.dns.serve;

/** SipHash-2-4 of J.-P. Aumasson and D. J. Bernstein (2012) over the two inputs that DNS cookies have. */
final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /** Of 20 bytes: two words, then four bytes, little-endian. */
    long of20(long key0, long key1, long word0, long word1, int rest) {
        begin(key0, key1);
        block(word0);
        block(word1);
        block(20L << 56 | Integer.toUnsignedLong(rest));
        return end();
    }

    /** Of 32 bytes: four words, little-endian. */
    long of32(CookieSecrets.Key key, long word0, long word1, long word2, long word3) {
        begin(key.high(), key.low());
        block(word0);
        block(word1);
        block(word2);
        block(word3);
        block(32L << 56);
        return end();
    }

    private void begin(long key0, long key1) {
        v0 = key0 ^ 0x736f_6d65_7073_6575L;
        v1 = key1 ^ 0x646f_7261_6e64_6f6dL;
        v2 = key0 ^ 0x6c79_6765_6e65_7261L;
        v3 = key1 ^ 0x7465_6462_7974_6573L;
    }

    private void block(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long end() {
        v2 ^= 0xFF;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
