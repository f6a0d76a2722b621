package io.halite.dns.render;

import java.util.Arrays;
import java.util.BitSet;

/** Numbers the answers of one table; those taken over from the table before keep theirs. */
final class IdSource {
    private final BitSet taken = new BitSet();
    private int[] drawn = new int[64];
    private int count;
    private int from;

    /** The numbers of answers that are taken over; to be told before others are drawn. */
    void keep(int[] ids) {
        for (int id : ids) {
            taken.set(id);
        }
    }

    int next() {
        int id = taken.nextClearBit(from);
        taken.set(id);
        from = id + 1;
        if (count == drawn.length) {
            drawn = Arrays.copyOf(drawn, 2 * count);
        }
        drawn[count] = id;
        count++;
        return id;
    }

    /** Notes the numbers that are drawn from now on. */
    void note() {
        count = 0;
    }

    /** The numbers drawn since the last {@link #note}. */
    int[] noted() {
        return Arrays.copyOf(drawn, count);
    }

    /** Above every number. */
    int limit() {
        return taken.length();
    }
}
