package io.halite.proxy.balance;

import io.halite.config.AdminState;
import io.halite.config.Pool;
import io.halite.config.TargetRef;
import io.halite.health.Health;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which members of a pool may be chosen, worked out when a table is compiled. A member of unknown health waits for its
 * first success, unless the whole pool is unknown. When too few of the members with a known health are eligible, the
 * pool panics and {@code whenAllDown} decides; not so while the priorities together can carry everything.
 */
public final class Eligibility {
    private final List<Standing> standings;
    private final int[] candidates;
    private final boolean[] isCandidate;
    private final boolean[] keepsSessions;
    private final boolean panicking;
    private final Set<TargetRef> lastKnown;
    private final Priorities priorities;

    private Eligibility(List<PoolMember> members, List<Standing> standings, int[] candidates, boolean panicking,
            Set<TargetRef> lastKnown, Priorities priorities) {
        this.priorities = priorities;
        this.standings = standings;
        this.candidates = candidates;
        this.panicking = panicking;
        isCandidate = new boolean[standings.size()];
        keepsSessions = new boolean[standings.size()];
        for (int at = 0; at < keepsSessions.length; at++) {
            Standing standing = standings.get(at);
            keepsSessions[at] = standing == Standing.ELIGIBLE || standing == Standing.UNPROVEN
                    || (standing == Standing.DRAINING && members.get(at).health() != Health.UNHEALTHY);
        }
        Set<TargetRef> refs = new HashSet<>();
        for (int at : candidates) {
            isCandidate[at] = true;
            keepsSessions[at] = true;
            refs.add(members.get(at).entry().ref());
        }
        this.lastKnown = panicking ? lastKnown : Set.copyOf(refs);
    }

    /**
     * The eligibility of these members.
     *
     * @param lastKnown the candidates of the last time the pool did not panic
     */
    static Eligibility of(Pool pool, List<PoolMember> members, Set<TargetRef> lastKnown) {
        boolean allUnknown = members.stream().filter(member -> member.adminState() != AdminState.MAINT)
                .allMatch(member -> member.health() == Health.UNKNOWN);
        List<Standing> standings = members.stream().map(member -> standing(member, allUnknown)).toList();
        int[] eligible = positions(standings, at -> standings.get(at) == Standing.ELIGIBLE);
        int[] ready = positions(standings, at -> standings.get(at).isReady());
        long unhealthy = standings.stream().filter(Standing.UNHEALTHY::equals).count();
        Priorities priorities = Priorities.of(members, standings);
        boolean backed = priorities.count() > 1 && priorities.suffice();
        boolean tooFew = eligible.length * 100L < pool.panicThreshold() * (eligible.length + unhealthy)
                || (unhealthy > 0 && eligible.length < pool.minimumHealthy());
        boolean panicking = ready.length > 0 && (eligible.length == 0 || (tooFew && !backed));
        int[] candidates = !panicking ? eligible : switch (pool.whenAllDown()) {
            case ALL -> ready;
            case LAST_KNOWN -> positions(standings, at -> standings.get(at) == Standing.ELIGIBLE
                    || (standings.get(at).isReady() && isRemembered(members.get(at), lastKnown)));
            case BACKUP -> priorities.count() == 1 ? eligible : positions(standings,
                    at -> standings.get(at) == Standing.ELIGIBLE || (standings.get(at).isReady()
                            && members.get(at).priority() == priorities.last()));
            case NONE, SERVFAIL, REFUSE -> eligible;
        };
        return new Eligibility(members, standings, candidates, panicking, lastKnown, priorities);
    }

    private static Standing standing(PoolMember member, boolean allUnknown) {
        return switch (member.adminState()) {
            case MAINT -> Standing.MAINTENANCE;
            case DRAIN -> Standing.DRAINING;
            case READY -> member.weight() == 0 ? Standing.WEIGHTLESS : switch (member.health()) {
                case HEALTHY -> Standing.ELIGIBLE;
                case UNHEALTHY -> Standing.UNHEALTHY;
                case UNKNOWN -> allUnknown ? Standing.ELIGIBLE : Standing.UNPROVEN;
            };
        };
    }

    private static int[] positions(List<Standing> standings, IntPredicate wanted) {
        return IntStream.range(0, standings.size()).filter(wanted).toArray();
    }

    /** Whether it was good when last enough were; every member was when nothing is remembered, as after a start. */
    private static boolean isRemembered(PoolMember member, Set<TargetRef> lastKnown) {
        return lastKnown.isEmpty() || lastKnown.contains(member.entry().ref());
    }

    /** Where each member stands. */
    public List<Standing> standings() {
        return standings;
    }

    /** Whether the member takes new requests. */
    public boolean isCandidate(int position) {
        return isCandidate[position];
    }

    /** Whether the member keeps the sessions it has: draining, it takes no others; failed or weightless, not even those. */
    boolean keepsSessions(int position) {
        return keepsSessions[position];
    }

    /** Whether too few members were eligible, so that {@code whenAllDown} decided. */
    public boolean panicking() {
        return panicking;
    }

    /** Positions of the members that take new requests; not to be changed. */
    int[] candidates() {
        return candidates;
    }

    /** Which priorities there are; null when they do not count: there is one alone, or the pool panics. */
    @Nullable Priorities priorities() {
        return panicking || priorities.count() <= 1 ? null : priorities;
    }

    /** The candidates of the last time the pool did not panic. */
    Set<TargetRef> lastKnown() {
        return lastKnown;
    }
}
