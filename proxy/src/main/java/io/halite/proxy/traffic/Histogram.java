package io.halite.proxy.traffic;

import java.util.ArrayList;
import java.util.List;

/**
 * Durations in fixed buckets.
 *
 * @param counts per bucket of {@link #BOUNDS}, not cumulative, and one more for what is longer than all of them
 */
public record Histogram(List<Long> counts, double sumSeconds) {
    /** Upper bounds in seconds, inclusive. */
    public static final List<Double> BOUNDS = List.of(
            0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    public Histogram {
        counts = List.copyOf(counts);
    }

    /** How many durations. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Both together. */
    Histogram plus(Histogram other) {
        List<Long> sums = new ArrayList<>();
        for (int at = 0; at < counts.size(); at++) {
            sums.add(counts.get(at) + other.counts.get(at));
        }
        return new Histogram(sums, sumSeconds + other.sumSeconds);
    }
}
