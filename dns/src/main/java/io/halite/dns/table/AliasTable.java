package io.halite.dns.table;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Vose's alias method: one random number and one comparison draw an index by weight.
 * M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", 1991.
 */
public final class AliasTable {
    static final AliasTable NONE = new AliasTable(new int[0]);

    /** For each column how likely, of 2^31, it keeps its own index, and which other it gives else. */
    private final int[] columns;

    private AliasTable(int[] columns) {
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
        int[] columns = new int[2 * n];
        while (!small.isEmpty() && !large.isEmpty()) {
            int less = small.remove();
            int more = large.remove();
            columns[2 * less] = (int) Math.min(Integer.MAX_VALUE, Math.round(scaled[less] * 0x8000_0000L));
            columns[2 * less + 1] = more;
            scaled[more] -= 1 - scaled[less];
            (scaled[more] < 1 ? small : large).add(more);
        }
        large.addAll(small);
        for (int rest : large) {
            columns[2 * rest] = Integer.MAX_VALUE;
            columns[2 * rest + 1] = rest;
        }
        return new AliasTable(columns);
    }

    /** The index that 64 random bits draw. */
    int draw(long random) {
        int column = (int) (((random >>> 32) * (columns.length >>> 1)) >>> 32);
        return ((int) random & Integer.MAX_VALUE) < columns[2 * column] ? column : columns[2 * column + 1];
    }

    /** A part of it, so that the processor has it near when it is drawn from. */
    int touch() {
        return columns.length;
    }
}
