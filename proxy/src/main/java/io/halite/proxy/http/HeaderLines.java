package io.halite.proxy.http;

import java.util.Arrays;

/** Where the header lines of a message begin, and which of them are not forwarded. Reused from message to message. */
final class HeaderLines {
    private int[] starts = new int[64];
    private long[] cut = new long[1];
    private int count;
    private boolean anyCut;

    void clear() {
        count = 0;
        anyCut = false;
        Arrays.fill(cut, 0);
    }

    /** A line begins. */
    void add(int start) {
        if (count + 1 >= starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
            cut = Arrays.copyOf(cut, starts.length / Long.SIZE + 1);
        }
        starts[count++] = start;
    }

    /** All lines were added; the empty line begins. */
    void end(int start) {
        starts[count] = start;
    }

    int count() {
        return count;
    }

    /** Where a line begins; for the number of lines, where the empty line does. */
    int start(int line) {
        return starts[line];
    }

    /** This line is not forwarded. */
    void cut(int line) {
        cut[line >> 6] |= 1L << line;
        anyCut = true;
    }

    /** The line that was added last is not forwarded if this holds. */
    void cutLastIf(boolean unwanted) {
        if (unwanted) {
            cut(count - 1);
        }
    }

    boolean isCut(int line) {
        return (cut[line >> 6] & 1L << line) != 0;
    }

    /** Writes the lines that are forwarded, neighbours together. */
    void copyTo(byte[] bytes, HeadWriter writer) {
        if (count == 0) {
            return;
        }
        if (!anyCut) {
            writer.put(bytes, starts[0], starts[count]);
            return;
        }
        int from = 0;
        for (int line = 0; line <= count; line++) {
            if (line == count || isCut(line)) {
                writer.put(bytes, starts[from], starts[line]);
                from = line + 1;
            }
        }
    }
}
