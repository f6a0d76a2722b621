package io.halite.dns.table;

import io.halite.dns.wire.Client;
import io.halite.dns.wire.Query;
import io.halite.dns.wire.Rcode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a name and type may be answered with, and how one of the tails is chosen. Health is not looked at here:
 * what may not be answered has not been rendered.
 */
public final class Answer {
    /** Buckets that clients of a sticky answer fall into; 1024 keep the share of a member within a few percent. */
    public static final int STICKY_BUCKETS = 1024;

    private static final Answer[] NO_REGIONS = new Answer[0];
    private static final byte[] @Nullable [] NO_LEAVES = new byte[0][];

    /** How a tail is chosen. */
    enum Kind { FIXED, ROTATE, WEIGHTED, STICKY, GEO }

    final Kind kind;
    /** Index of the rotation counter; also tells answers apart in rate limiting. */
    final int id;
    final int flags;
    final Tail[] tails;
    final int count;
    final AliasTable weights;
    final short[] buckets;
    final GeoTable geo;
    final Answer[] regions;
    /** The answers of the regions, as far as they can be laid out. */
    final byte[] @Nullable [] leaves;

    private Answer(Kind kind, int id, int flags, List<Tail> tails, Rule rule) {
        this.kind = kind;
        this.id = id;
        this.flags = flags;
        this.tails = tails.toArray(Tail[]::new);
        count = tails.size();
        weights = rule.weights;
        buckets = rule.buckets;
        geo = rule.geo;
        regions = rule.regions;
        leaves = rule.leaves;
    }

    /** What the choice looks at, as its kind needs. */
    private static final class Rule {
        private static final Rule NONE = new Rule();

        private AliasTable weights = AliasTable.NONE;
        private short[] buckets = {};
        private GeoTable geo = GeoTable.NONE;
        private Answer[] regions = NO_REGIONS;
        private byte[] @Nullable [] leaves = NO_LEAVES;
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
        rule.leaves = regions.stream().map(Leaf::of).toArray(byte[][]::new);
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

    public Tail tail(int index) {
        return tails[index];
    }

    /** Reads what will be needed of it. */
    public int touch() {
        return id + count + (kind == Kind.FIXED ? 1 : 0);
    }

    /** Reads what will be needed of the objects that it refers to. */
    public int touchRecords() {
        return count == 0 ? leaves.length : tails[0].touch();
    }

    /** The region by which a client is answered; empty where regions play no part. */
    public String region(Client client) {
        return kind == Kind.GEO ? geo.region(client) : "";
    }
}
