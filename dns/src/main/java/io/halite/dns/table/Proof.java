package io.halite.dns.table;

import java.util.List;

/**
 * Which NSEC records must follow a signed tail, beyond those it holds.
 *
 * @param gap whether the one that covers the name asked for, because a wildcard stands in for it
 * @param own whether that of the wildcard itself, because it has nothing of the type
 * @param held indexes of those of its own zone that the tail already holds
 */
public record Proof(boolean gap, boolean own, List<Integer> held) {
    /** Nothing more. */
    public static final Proof COMPLETE = new Proof(false, false, List.of());

    public Proof {
        held = List.copyOf(held);
    }

    /** Whether nothing must follow. */
    public boolean isComplete() {
        return !gap && !own;
    }

    /** Whether the tail already holds a record. */
    public boolean holds(int index) {
        for (int i = 0; i < held.size(); i++) {
            if (held.get(i) == index) {
                return true;
            }
        }
        return false;
    }
}
