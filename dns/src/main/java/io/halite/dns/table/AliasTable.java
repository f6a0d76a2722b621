package io.halite.dns.table;

import io.halite.dns.wire.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Vose's alias method: one random number and one comparison draw an index by weight.
 * M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", 1991.
 */
public final class AliasTable {
    static final AliasTable NONE = new AliasTable(new long[0]);

    /** For each column how likely, of 2^31, it keeps its own index, and above that which other it gives else. */
    private final long[] columns;

    private AliasTable(long[] columns) {
        this.columns = columns;
    }

    /** Of these weights, none negative and not all zero. */
    public static AliasTable of(long... weights) {
        int n = weights.length;
        double total = 0;
        for (long weight : weights) {
            total += weight;
        }
        double[] scaled = new double[n];
        Deque<Integer> small = new ArrayDeque<>();
        Deque<Integer> large = new ArrayDeque<>();
        for (int i = 0; i < n; i++) {
            scaled[i] = weights[i] * n / total;
            (scaled[i] < 1 ? small : large).add(i);
        }
        long[] columns = new long[n];
        while (!small.isEmpty() && !large.isEmpty()) {
            int less = small.remove();
            int more = large.remove();
            columns[less] = Math.min(Integer.MAX_VALUE, Math.round(scaled[less] * 0x8000_0000L)) | (long) more << 32;
            scaled[more] -= 1 - scaled[less];
            (scaled[more] < 1 ? small : large).add(more);
        }
        large.addAll(small);
        for (int rest : large) {
            columns[rest] = Integer.MAX_VALUE | (long) rest << 32;
        }
        return new AliasTable(columns);
    }

    /** The index that 64 random bits draw. */
    int draw(long random) {
        int column = column(random, columns.length);
        return draw(random, column, columns[column]);
    }

    /** The column that 64 random bits fall into. */
    static int column(long random, int count) {
        return (int) (((random >>> 32) * count) >>> 32);
    }

    /** The index that they draw from the content of their column. */
    static int draw(long random, int column, long content) {
        return ((int) random & Integer.MAX_VALUE) < (int) content ? column : (int) (content >>> 32);
    }

    /** The columns, eight bytes each. */
    byte[] bytes() {
        byte[] bytes = new byte[columns.length * Long.BYTES];
        for (int i = 0; i < columns.length; i++) {
            Bytes.putWord(bytes, i * Long.BYTES, columns[i]);
        }
        return bytes;
    }
}
