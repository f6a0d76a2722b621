package io.halite.dns.table;

import io.halite.dns.wire.Client;
import io.halite.dns.wire.Query;
import io.halite.dns.wire.Rcode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one tail of an answer. Mutable: owned by one worker, which so rotates exactly without sharing a counter.
 */
public final class Picker {
    private static final int STICKY_PREFIX_4 = 24;
    private static final int STICKY_PREFIX_6 = 56;
    private static final long MULTIPLIER = 0x2545_F491_4F6C_DD1DL;

    private int[] turns = new int[64];
    private long random;
    private int scope;
    private byte @Nullable [] leaf;
    private Answer chosen = Answer.fixed(0, Rcode.NOERROR, true, Tail.EMPTY);

    /** Draws from this seed, which must not be 0. */
    public Picker(long seed) {
        random = seed;
    }

    /** Makes room for the counters of a table. */
    public void use(ZoneTable table) {
        if (turns.length < table.answers()) {
            turns = Arrays.copyOf(turns, Math.max(table.answers(), turns.length * 2));
        }
    }

    /** The prefix length that decided the last pick among clients; 0 when all get the same. */
    public int scope() {
        return scope;
    }

    /** Forgets the last pick: the next response depends on no client. */
    public void clearScope() {
        scope = 0;
    }

    /** The answer that the last pick found its tail in: of a geo answer that of the region. */
    public Answer chosen() {
        return chosen;
    }

    /** The answer that the last pick chose from, laid out; null when it is not. */
    public byte @Nullable [] leaf() {
        return leaf;
    }

    /** The index of one of the tails of {@link #chosen}, by the rule of the answer. */
    public int pick(Answer answer, Query query, Client client) {
        scope = 0;
        leaf = null;
        Answer found = answer;
        while (found.kind == Answer.Kind.GEO) {
            int region = region(found, query, client);
            leaf = found.leaves[region];
            found = found.regions[region];
        }
        chosen = found;
        return leaf == null ? index(found, query, client) : index(leaf);
    }

    private int index(Answer answer, Query query, Client client) {
        return switch (answer.kind) {
            case ROTATE -> turn(answer.id, answer.count);
            case WEIGHTED -> answer.weights.draw(next());
            case STICKY -> answer.buckets[bucket(query, client)];
            case FIXED, GEO -> 0;
        };
    }

    /** The index of one of the tails of a leaf. */
    public int pick(byte[] from) {
        scope = 0;
        return index(from);
    }

    private int index(byte[] from) {
        if (Leaf.isRotating(from)) {
            return turn(Leaf.id(from), Leaf.count(from));
        }
        return Leaf.isFixed(from) ? 0 : Leaf.draw(from, next());
    }

    private int turn(int id, int count) {
        int turn = turns[id];
        if (turn >= count) {
            turn = 0;
        }
        turns[id] = turn + 1;
        return turn;
    }

    /** Marsaglia's xorshift64*. */
    private long next() {
        long x = random;
        x ^= x >>> 12;
        x ^= x << 25;
        x ^= x >>> 27;
        random = x;
        return x * MULTIPLIER;
    }

    private int region(Answer answer, Query query, Client client) {
        boolean bySubnet = usesSubnet(query);
        boolean family6 = bySubnet ? query.subnetFamily() == 2 : client.isIpv6();
        long address = bySubnet ? query.subnetHigh() : client.high();
        Ranges ranges = answer.geo.ranges(family6);
        int range = ranges.find(address);
        if (bySubnet) {
            scope = Math.max(scope, ranges.scope(range, address));
        }
        return ranges.value(range);
    }

    /** RFC 7871 section 7.2.1: a source prefix of 0 asks not to look at the client; the resolver decides then. */
    private static boolean usesSubnet(Query query) {
        return query.hasSubnet() && query.subnetSource() > 0;
    }

    private int bucket(Query query, Client client) {
        boolean bySubnet = usesSubnet(query);
        boolean family6 = bySubnet ? query.subnetFamily() == 2 : client.isIpv6();
        int prefix = family6 ? STICKY_PREFIX_6 : STICKY_PREFIX_4;
        long address = bySubnet ? query.subnetHigh() : client.high();
        if (bySubnet) {
            scope = Math.max(scope, prefix);
        }
        return bucketOf(address & (-1L << (64 - prefix)), family6);
    }

    /** The same on every node, so that all send a client to the same member. */
    public static int bucketOf(long network, boolean family6) {
        long hash = network ^ (family6 ? 0x5851_F42D_4C95_7F2DL : 0);
        hash = (hash ^ (hash >>> 31)) * 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ (hash >>> 29)) * 0xBF58_476D_1CE4_E5B9L;
        return (int) (hash >>> 54);
    }
}
