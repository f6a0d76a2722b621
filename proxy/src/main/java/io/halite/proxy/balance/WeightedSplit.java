package io.halite.proxy.balance;

/**
 * The smooth weighted split of a route's requests over pools: exact over each cycle, so that a canary gets its percent
 * of even a few hundred requests. For each request the parts are offered with their weights, then one is taken. Confined
 * to one loop.
 */
public final class WeightedSplit {
    private final long[] gained;
    private int richest = -1;
    private long total;

    /** A split over this many parts. */
    public WeightedSplit(int parts) {
        gained = new long[parts];
    }

    /** How many parts it splits over. */
    public int size() {
        return gained.length;
    }

    /** Offers a part; one of weight zero gets nothing. */
    public void offer(int part, int weight) {
        if (weight > 0) {
            gained[part] += weight;
            total += weight;
            richest = richest < 0 || gained[part] > gained[richest] ? part : richest;
        }
    }

    /** The part whose turn it is; -1 when none was offered. */
    public int take() {
        int taken = richest;
        if (taken >= 0) {
            gained[taken] -= total;
        }
        richest = -1;
        total = 0;
        return taken;
    }
}
