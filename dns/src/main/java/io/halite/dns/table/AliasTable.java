package io.halite.dns.table;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Vose's alias method: one random number and one comparison draw an index by weight.
 * M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", 1991.
 */
public final class AliasTable {
    static final AliasTable NONE = new AliasTable(new int[0], new int[0]);

    /** Of 2^31: how likely a column keeps its own index. */
    private final int[] keep;
    private final int[] alias;

    private AliasTable(int[] keep, int[] alias) {
        this.keep = keep;
        this.alias = alias;
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
        int[] keep = new int[n];
        int[] alias = new int[n];
        while (!small.isEmpty() && !large.isEmpty()) {
            int less = small.remove();
            int more = large.remove();
            keep[less] = (int) Math.min(Integer.MAX_VALUE, Math.round(scaled[less] * 0x8000_0000L));
            alias[less] = more;
            scaled[more] -= 1 - scaled[less];
            (scaled[more] < 1 ? small : large).add(more);
        }
        large.addAll(small);
        for (int rest : large) {
            keep[rest] = Integer.MAX_VALUE;
            alias[rest] = rest;
        }
        return new AliasTable(keep, alias);
    }

    /** The index that 64 random bits draw. */
    int draw(long random) {
        int column = (int) (((random >>> 32) * keep.length) >>> 32);
        return ((int) random & Integer.MAX_VALUE) < keep[column] ? column : alias[column];
    }
}
