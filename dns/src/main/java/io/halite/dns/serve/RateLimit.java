package io.halite.dns.serve;

import io.halite.dns.wire.Client;

/**
 * Response rate limiting: each client network gets so many responses a second of each kind, so that forged queries
 * make a poor weapon. Every second refusal is a truncated response instead of silence, by which a real resolver at a
 * forged address gets through over TCP. Mutable: owned by one worker; the fixed table forgets rather than grows.
 *
 * <p>Each bucket is a virtual schedule (the generic cell rate algorithm): the time at which its allowance is whole again.
 */
final class RateLimit {
    enum Verdict { SEND, SLIP, DROP }

    private static final int BUCKETS = 1 << 16;
    private static final int MICROS = 1_000_000;
    private static final long MASK_4 = -1L << 40;
    private static final long MASK_6 = -1L << 8;

    private final long[] buckets;
    private final Networks exempt;
    private final long seed;
    private final int step;
    private final int slip;
    private int refused;

    /**
     * @param perSecond responses of one kind to one network, and as many at once; 0 for no limit
     * @param slip every which refusal is sent truncated; 0 for none
     * @param exempt networks without a limit
     */
    RateLimit(int perSecond, int slip, Networks exempt, long seed) {
        step = perSecond == 0 ? 0 : Math.max(1, MICROS / perSecond);
        this.slip = slip;
        this.exempt = exempt;
        this.seed = seed;
        buckets = new long[perSecond == 0 ? 0 : BUCKETS];
    }

    /** Whether a client has an allowance at all, and not as much as it likes. */
    boolean concerns(Client client) {
        return step > 0 && !client.isLoopback() && !exempt.contains(client);
    }

    /**
     * Takes one response from a client's allowance.
     *
     * @param kind tells responses apart
     * @param nowMicros elapsed time, of which 32 bits count
     */
    Verdict take(Client client, int kind, int nowMicros) {
        long network = client.isIpv6() ? (client.high() & MASK_6) ^ 1 : client.high() & MASK_4;
        long hash = (network ^ seed ^ ((long) kind << 1)) * 0x9E37_79B9_7F4A_7C15L;
        hash ^= hash >>> 32;
        hash *= 0xBF58_476D_1CE4_E5B9L;
        int tag = (int) (hash >>> 32) | 1;
        int at = (int) hash & (BUCKETS - 1);
        if ((int) (buckets[at] >>> 32) != tag && isOlder(at ^ 1, at, tag)) {
            at ^= 1;
        }
        int whole = (int) (buckets[at] >>> 32) == tag ? (int) buckets[at] : nowMicros;
        int ahead = whole - nowMicros;
        if (ahead < 0) {
            whole = nowMicros;
            ahead = 0;
        }
        if (ahead > MICROS) {
            if (ahead > 2 * MICROS) {
                // The clock's 32 bits came round since the bucket was last used.
                whole = nowMicros;
            } else {
                return refuse();
            }
        }
        buckets[at] = ((long) tag << 32) | Integer.toUnsignedLong(whole + step);
        return Verdict.SEND;
    }

    private boolean isOlder(int candidate, int than, int tag) {
        return (int) (buckets[candidate] >>> 32) == tag || (int) buckets[candidate] - (int) buckets[than] < 0;
    }

    private Verdict refuse() {
        if (slip == 0) {
            return Verdict.DROP;
        }
        refused++;
        if (refused >= slip) {
            refused = 0;
            return Verdict.SLIP;
        }
        return Verdict.DROP;
    }
}
