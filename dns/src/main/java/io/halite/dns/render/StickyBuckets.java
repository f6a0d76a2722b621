package io.halite.dns.render;

import io.halite.dns.table.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which member each bucket of clients belongs to, by weighted rendezvous hashing: a member that leaves moves only its
 * own clients. D. G. Thaler and C. V. Ravishankar, "Using name-based mappings to increase hit rates", 1998.
 */
final class StickyBuckets {
    private StickyBuckets() {}

    /** The index of the item for each bucket; the same on every node. */
    static short[] of(List<AddressItem> items, boolean weighted) {
        long[] seeds = items.stream().mapToLong(item -> hash(item.member() + ' ' + item.address().getHostAddress()))
                .toArray();
        short[] buckets = new short[Answer.STICKY_BUCKETS];
        for (int bucket = 0; bucket < buckets.length; bucket++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < seeds.length; i++) {
                double weight = weighted ? Math.max(1, items.get(i).weight()) : 1;
                double uniform = ((mix(seeds[i] ^ mix(bucket)) >>> 11) + 0.5) * 0x1.0p-53;
                double score = -weight / Math.log(uniform);
                if (score > best) {
                    best = score;
                    buckets[bucket] = (short) i;
                }
            }
        }
        return buckets;
    }

    private static long hash(String text) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100_0000_01B3L;
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long hash = value + 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ (hash >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return hash ^ (hash >>> 31);
    }
}
