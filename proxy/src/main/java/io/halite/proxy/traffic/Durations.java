package io.halite.proxy.traffic;

import java.util.ArrayList;
import java.util.List;

/** A histogram as one loop writes it. */
final class Durations {
    private static final long[] BOUNDS = Histogram.BOUNDS.stream().mapToLong(bound -> Math.round(bound * 1e9)).toArray();

    /** The buckets, then the sum in nanoseconds. */
    private final long[] counts = new long[BOUNDS.length + 2];

    void add(long nanos) {
        int at = 0;
        while (at < BOUNDS.length && nanos > BOUNDS[at]) {
            at++;
        }
        counts[at]++;
        counts[BOUNDS.length + 1] += nanos;
    }

    Histogram read() {
        List<Long> read = new ArrayList<>();
        for (int at = 0; at <= BOUNDS.length; at++) {
            read.add(counts[at]);
        }
        return new Histogram(read, counts[BOUNDS.length + 1] / 1e9);
    }
}
