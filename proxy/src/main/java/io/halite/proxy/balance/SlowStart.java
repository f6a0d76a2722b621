package io.halite.proxy.balance;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The growing share of members that became candidates after they were seen out or joined later, after Envoy with
 * aggression 1: the weight times the part of the window that has passed, a tenth at least. Nothing warms up after a
 * start of the process, nor when no other member is warm already, as when a whole pool comes back.
 */
final class SlowStart {
    /** Weights are compared in 64ths, so that a weight of 1 can be warmed up too. */
    static final int SCALE = 64;
    private static final double LEAST = 0.1;

    private final long window;
    /** Members that must warm up once they become candidates. */
    private final boolean[] cold;
    private final boolean[] warming;
    /** When each member became a candidate; only meaningful where it is warming. */
    private final long[] since;
    private boolean active;
    /** When the last of them is warm; only meaningful when active. */
    private long until;

    private SlowStart(Duration window, int members) {
        this.window = window.toNanos();
        cold = new boolean[members];
        warming = new boolean[members];
        since = new long[members];
    }

    /** What warms up in a table that follows another. */
    static SlowStart of(
            Duration window, List<PoolMember> members, Eligibility now, @Nullable PoolTable previous, long nanos) {
        SlowStart slowStart = new SlowStart(window, members.size());
        if (previous != null && !window.isZero()) {
            slowStart.follow(members, now, previous, nanos);
        }
        return slowStart;
    }

    private void follow(List<PoolMember> members, Eligibility now, PoolTable previous, long nanos) {
        Map<TargetEntry, Integer> before = new HashMap<>();
        for (int at = 0; at < previous.size(); at++) {
            before.put(previous.target(at), at);
        }
        boolean someWarm = false;
        for (int at = 0; at < cold.length; at++) {
            int was = before.getOrDefault(members.get(at).entry(), Pick.NONE);
            boolean isCold = was == Pick.NONE || previous.slowStart().isCold(was, previous.eligibility());
            if (!now.isCandidate(at)) {
                cold[at] = isCold;
            } else if (isCold) {
                warming[at] = true;
                since[at] = nanos;
            } else if (previous.slowStart().isWarming(was, nanos)) {
                warming[at] = true;
                since[at] = previous.slowStart().since[was];
            } else {
                someWarm = true;
            }
        }
        if (someWarm) {
            begin();
        } else {
            Arrays.fill(warming, false);
        }
    }

    private void begin() {
        for (int at = 0; at < since.length; at++) {
            long end = since[at] + window;
            if (warming[at] && (!active || end - until > 0)) {
                until = end;
                active = true;
            }
        }
    }

    /** Whether the member would warm up if it became a candidate; one that merely was never probed would not. */
    private boolean isCold(int position, Eligibility eligibility) {
        return cold[position] || (!eligibility.isCandidate(position)
                && eligibility.standings().get(position) != Standing.UNPROVEN);
    }

    /** Whether any member warms up at this moment. */
    boolean isActive(long now) {
        return active && until - now > 0;
    }

    /** Whether the member warms up at this moment. */
    private boolean isWarming(int position, long now) {
        return warming[position] && now - since[position] < window;
    }

    /** The share of its weight that a member has at this moment. */
    double share(int position, long now) {
        return isWarming(position, now) ? Math.max(LEAST, (double) (now - since[position]) / window) : 1;
    }
}
