package io.halite.dns.table;

import io.halite.dns.wire.Client;
import io.halite.dns.wire.Query;
import io.halite.dns.wire.Rcode;
import java.util.Arrays;
import java.util.List;

/**
 * Everything a name and type may be answered with, and how one of the tails is chosen. Health is not looked at here:
 * what may not be answered has not been rendered.
 */
public final class Answer {
    /** Buckets that clients of a sticky answer fall into; 1024 keep the share of a member within a few percent. */
    public static final int STICKY_BUCKETS = 1024;

    private static final Answer[] NO_REGIONS = new Answer[0];
    private static final byte[] NO_BLOCK = {};
    /** The processor fetches so many bytes at once. */
    private static final int LINE = 64;
    private static final int TOUCHED = 4 * LINE;

    /** How a tail is chosen. */
    enum Kind { FIXED, ROTATE, WEIGHTED, STICKY, GEO }

    final Kind kind;
    /** Index of the rotation counter; also tells answers apart in rate limiting. */
    final int id;
    final int flags;
    final Tail[] tails;
    final int count;
    /** All tails, each {@link #length} bytes from {@link #stride} after the last one on; empty where they are not alike. */
    final byte[] block;
    final int stride;
    final int length;
    final long counts;
    final AliasTable weights;
    final short[] buckets;
    final GeoTable geo;
    final Answer[] regions;

    private Answer(Kind kind, int id, int flags, List<Tail> tails, Rule rule) {
        this.kind = kind;
        this.id = id;
        this.flags = flags;
        this.tails = tails.toArray(Tail[]::new);
        count = tails.size();
        boolean alike = areAlike(tails);
        counts = alike ? tails.getFirst().counts() : 0;
        length = alike ? tails.getFirst().length() : 0;
        stride = alike ? stride(tails) : 0;
        block = alike ? block(tails, stride) : NO_BLOCK;
        weights = rule.weights;
        buckets = rule.buckets;
        geo = rule.geo;
        regions = rule.regions;
    }

    private static boolean areAlike(List<Tail> tails) {
        return !tails.isEmpty() && tails.stream().allMatch(tail -> tail.isPlain()
                && tail.length() == tails.getFirst().length() && tail.counts() == tails.getFirst().counts());
    }

    /** Rotations overlap: each begins with the second record of the one before. */
    private static int stride(List<Tail> tails) {
        int length = tails.getFirst().length();
        int records = Math.max(1, (int) (tails.getFirst().counts() >>> 32));
        int stride = length / records;
        for (int i = 1; i < tails.size(); i++) {
            if (!Arrays.equals(tails.get(i - 1).bytes(), stride, length, tails.get(i).bytes(), 0, length - stride)) {
                return length;
            }
        }
        return stride;
    }

    /** One small array for all: what is not in the processor's cache costs more than the work on it. */
    private static byte[] block(List<Tail> tails, int stride) {
        byte[] block = new byte[(tails.size() - 1) * stride + tails.getFirst().length()];
        for (int i = 0; i < tails.size(); i++) {
            System.arraycopy(tails.get(i).bytes(), 0, block, i * stride, tails.get(i).length());
        }
        return block;
    }

    /** What the choice looks at, as its kind needs. */
    private static final class Rule {
        private static final Rule NONE = new Rule();

        private AliasTable weights = AliasTable.NONE;
        private short[] buckets = {};
        private GeoTable geo = GeoTable.NONE;
        private Answer[] regions = NO_REGIONS;
    }

    /** Always the same bytes. */
    public static Answer fixed(int id, Rcode rcode, boolean authoritative, Tail tail) {
        int flags = rcode.code() | (authoritative ? Query.FLAG_AA : 0);
        return new Answer(Kind.FIXED, id, flags, List.of(tail), Rule.NONE);
    }

    /** The tails in turn, exactly, at each worker. */
    public static Answer rotating(int id, List<Tail> tails) {
        return new Answer(Kind.ROTATE, id, Query.FLAG_AA, tails, Rule.NONE);
    }

    /** The tails at random by weight. */
    public static Answer weighted(int id, List<Tail> tails, AliasTable weights) {
        Rule rule = new Rule();
        rule.weights = weights;
        return new Answer(Kind.WEIGHTED, id, Query.FLAG_AA, tails, rule);
    }

    /** The tail of the client's bucket; {@link #STICKY_BUCKETS} of them hold indexes of tails. */
    public static Answer sticky(int id, List<Tail> tails, short[] buckets) {
        Rule rule = new Rule();
        rule.buckets = buckets;
        return new Answer(Kind.STICKY, id, Query.FLAG_AA, tails, rule);
    }

    /** The answer of the client's region. */
    public static Answer geo(int id, GeoTable geo, List<Answer> regions) {
        Rule rule = new Rule();
        rule.geo = geo;
        rule.regions = regions.toArray(Answer[]::new);
        return new Answer(Kind.GEO, id, Query.FLAG_AA, List.of(), rule);
    }

    /** The response code, with AA where it applies. */
    public int flags() {
        return flags;
    }

    /** A number that no other answer of the table has. */
    public int id() {
        return id;
    }

    /** Whether all tails stand in {@link #block}. */
    public boolean isBlock() {
        return length > 0;
    }

    /** All tails, where they are alike. */
    public byte[] block() {
        return block;
    }

    /** Where a tail starts in the block. */
    public int start(int index) {
        return index * stride;
    }

    /** The bytes of each tail in the block. */
    public int length() {
        return length;
    }

    /** The counts of each tail in the block. */
    public long counts() {
        return counts;
    }

    public Tail tail(int index) {
        return tails[index];
    }

    /** Reads what will be needed of it. */
    public int touch() {
        return id + stride + (int) counts + (kind == Kind.FIXED ? 1 : 0);
    }

    /** Reads what will be needed of the objects that it refers to. */
    public int touchRecords() {
        int sum = weights.touch();
        for (int i = Math.min(block.length, TOUCHED) - 1; i >= 0; i -= LINE) {
            sum += block[i];
        }
        return sum;
    }

    /** The region by which a client is answered; empty where regions play no part. */
    public String region(Client client) {
        return kind == Kind.GEO ? geo.region(client) : "";
    }

    /** Whether different clients may get different answers, by their address. */
    public boolean dependsOnClient() {
        return kind == Kind.STICKY || kind == Kind.GEO;
    }
}
