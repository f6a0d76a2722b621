package io.halite.proxy.balance;

import io.halite.config.AdminState;
import io.halite.config.Pool;
import io.halite.health.Health;
import java.util.List;

/** Which members of a pool may be chosen. */
public final class Eligibility {
    private final int[] candidates;
    private final boolean panicking;

    private Eligibility(int[] candidates, boolean panicking) {
        this.candidates = candidates;
        this.panicking = panicking;
    }

    /** Positions of the members that take new requests; not to be changed. */
    int[] candidates() {
        return candidates;
    }

    /** Whether too few members were eligible, so that {@code whenAllDown} decided. */
    public boolean panicking() {
        return panicking;
    }

    static Eligibility of(Pool pool, List<PoolMember> members) {
        int[] eligible = positions(members, true);
        int[] ready = positions(members, false);
        boolean panic = eligible.length == 0 || eligible.length * 100 < pool.panicThreshold() * ready.length;
        return new Eligibility(panic ? ready : eligible, panic);
    }

    private static int[] positions(List<PoolMember> members, boolean healthyOnly) {
        boolean allUnknown = members.stream().allMatch(member -> member.health() == Health.UNKNOWN);
        return java.util.stream.IntStream.range(0, members.size())
                .filter(at -> members.get(at).adminState() == AdminState.READY && members.get(at).weight() > 0)
                .filter(at -> !healthyOnly || allUnknown || members.get(at).health() == Health.HEALTHY)
                .toArray();
    }
}
