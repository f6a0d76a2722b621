package io.halite.dns.geo;

import io.halite.dns.table.Ranges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The space of unsigned 64-bit numbers, painted over range by range; what was painted last shows. */
final class RangePainter {
    /** Value by first number, the numbers biased so that signed order is theirs. */
    private final TreeMap<Long, Integer> boundaries = new TreeMap<>();

    RangePainter(int background) {
        boundaries.put(Long.MIN_VALUE, background);
    }

    /** Paints all numbers that share the first {@code prefix} bits (0–64) of {@code first}. */
    void paint(long first, int prefix, int value) {
        long size = prefix == 0 ? 0 : 1L << (64 - prefix);
        paintRange(first, first + size - 1, value);
    }

    /** Paints a range, both ends included. */
    void paintRange(long first, long last, int value) {
        long low = first ^ Long.MIN_VALUE;
        long high = last ^ Long.MIN_VALUE;
        int after = boundaries.floorEntry(high).getValue();
        boolean hasAfter = high != Long.MAX_VALUE && !boundaries.containsKey(high + 1);
        boundaries.subMap(low, true, high, true).clear();
        boundaries.put(low, value);
        if (hasAfter) {
            boundaries.put(high + 1, after);
        }
    }

    /** Starts a range behind all others so far; it reaches to the end. */
    void append(long first, int value) {
        if (!boundaries.lastEntry().getValue().equals(value)) {
            boundaries.put(first ^ Long.MIN_VALUE, value);
        }
    }

    Ranges ranges() {
        List<Long> starts = new ArrayList<>();
        List<Integer> values = new ArrayList<>();
        for (Map.Entry<Long, Integer> entry : boundaries.entrySet()) {
            boolean joins = !values.isEmpty() && values.getLast().equals(entry.getValue());
            if (!joins) {
                starts.add(entry.getKey() ^ Long.MIN_VALUE);
                values.add(entry.getValue());
            }
        }
        return new Ranges(starts.stream().mapToLong(Long::longValue).toArray(),
                values.stream().mapToInt(Integer::intValue).toArray());
    }
}
