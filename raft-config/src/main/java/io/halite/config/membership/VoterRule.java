package io.halite.config.membership;

/**
 * How many members vote: an odd number where it can be, since an even one costs a vote and bears no more losses, and at
 * most five, since every write waits for a majority of them. Stateless.
 */
public final class VoterRule {
    private static final int MOST = 5;

    private VoterRule() {}

    /** The number of voters among so many members: 1, 2, 3, 3, 5, 5, … */
    public static int voters(int members) {
        if (members >= MOST) {
            return MOST;
        }
        return members == 4 ? 3 : members;
    }
}
