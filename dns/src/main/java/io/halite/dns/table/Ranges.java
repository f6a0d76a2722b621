package io.halite.dns.table;

import java.util.Arrays;

/**
 * The whole space of unsigned 64-bit numbers cut into ranges, each with a value. A first level by the upper 16 bits
 * keeps the search short.
 */
public final class Ranges {
    /** One range with value 0. */
    public static final Ranges ALL_FIRST = new Ranges(new long[] {0}, new int[] {0});

    private static final int LEVEL = 16;

    private final long[] starts;
    private final int[] values;
    /** For each upper 16 bits the range that holds their first number; one more for the end. */
    private final int[] index = new int[(1 << LEVEL) + 1];

    /**
     * Takes the arrays as its own.
     *
     * @param starts first number of each range, ascending as unsigned, the first 0
     */
    public Ranges(long[] starts, int[] values) {
        this.starts = starts;
        this.values = values;
        int range = 0;
        for (int top = 0; top < 1 << LEVEL; top++) {
            long first = (long) top << (64 - LEVEL);
            while (range + 1 < starts.length && Long.compareUnsigned(starts[range + 1], first) <= 0) {
                range++;
            }
            index[top] = range;
        }
        index[1 << LEVEL] = starts.length - 1;
    }

    /** The number of the range that holds this. */
    public int find(long number) {
        int top = (int) (number >>> (64 - LEVEL));
        int low = index[top];
        int high = index[top + 1];
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Long.compareUnsigned(starts[middle], number) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The value of a range. */
    public int value(int range) {
        return values[range];
    }

    /** The length of the shortest prefix around the number that lies wholly within the range. */
    public int scope(int range, long number) {
        int below = starts[range] == 0 ? 0 : Long.numberOfLeadingZeros(number ^ (starts[range] - 1)) + 1;
        boolean last = range + 1 == starts.length;
        int above = last ? 0 : Long.numberOfLeadingZeros(number ^ starts[range + 1]) + 1;
        return Math.max(below, above);
    }

    @Override
    public String toString() {
        return "Ranges" + Arrays.toString(values);
    }
}
