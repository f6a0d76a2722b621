package io.halite.proxy.balance;

import java.util.Arrays;
import java.util.List;

/**
 * How requests are shared between the priorities of a pool, after Envoy: a priority carries its part of eligible members
 * times 1.4, all at most; what that leaves goes to the next. Members that are out for whatever reason are missing; one
 * that was never probed is not, so that new members do not drive requests away from old ones.
 */
final class Priorities {
    /** Envoy's overprovisioning factor, in percent. */
    private static final int OVERPROVISIONED = 140;
    private static final int ALL = 100;

    private final int[] levels;
    private final int[] carried;

    private Priorities(int[] levels, int[] carried) {
        this.levels = levels;
        this.carried = carried;
    }

    static Priorities of(List<PoolMember> members, List<Standing> standings) {
        int[] levels = members.stream().mapToInt(PoolMember::priority).distinct().sorted().toArray();
        int[] eligible = new int[levels.length];
        int[] all = new int[levels.length];
        for (int at = 0; at < members.size(); at++) {
            Standing standing = standings.get(at);
            int level = Arrays.binarySearch(levels, members.get(at).priority());
            eligible[level] += standing == Standing.ELIGIBLE ? 1 : 0;
            all[level] += standing == Standing.WEIGHTLESS || standing == Standing.UNPROVEN ? 0 : 1;
        }
        int[] carried = new int[levels.length];
        for (int level = 0; level < levels.length; level++) {
            carried[level] = all[level] == 0 ? 0 : Math.min(ALL, eligible[level] * OVERPROVISIONED / all[level]);
        }
        return new Priorities(levels, carried);
    }

    /** How many priorities there are. */
    int count() {
        return levels.length;
    }

    /** A priority, from the first choice on. */
    int level(int index) {
        return levels[index];
    }

    /** The last resort. */
    int last() {
        return levels[levels.length - 1];
    }

    /** Whether all priorities together carry everything. */
    boolean suffice() {
        return Arrays.stream(carried).sum() >= ALL;
    }

    /** Percent of the requests for each priority; all zero when none carries anything. */
    int[] shares() {
        int total = Arrays.stream(carried).sum();
        int[] shares = new int[levels.length];
        int left = total == 0 ? 0 : ALL;
        int lastCarrying = -1;
        for (int level = 0; level < shares.length; level++) {
            int wanted = total < ALL && total > 0 ? carried[level] * ALL / total : carried[level];
            shares[level] = Math.min(left, wanted);
            left -= shares[level];
            lastCarrying = carried[level] > 0 ? level : lastCarrying;
        }
        if (lastCarrying >= 0) {
            // What rounding left over.
            shares[lastCarrying] += left;
        }
        return shares;
    }
}
