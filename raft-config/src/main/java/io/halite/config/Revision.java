package io.halite.config;

/** The number of a committed config transaction: 0 is the empty cluster, each change adds one. Not the Raft index. */
public record Revision(long number) implements Comparable<Revision> {
    public static final Revision ZERO = new Revision(0);

    public Revision {
        if (number < 0) {
            throw new IllegalArgumentException("revision: " + number + " (expected: 0 or more)");
        }
    }

    /** The revision of the following change. */
    public Revision next() {
        return new Revision(number + 1);
    }

    @Override
    public int compareTo(Revision other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
