package io.halite.config.membership;

import io.halite.config.Ticker;
import io.halite.config.membership.Outcome.Done;
import io.halite.config.membership.Outcome.Refused;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Asks the leader to remove a member, until it is done. A leader that is asked to remove itself hands over first, and that
 * takes its time: meanwhile nobody leads, or the old leader says that it does no more. An answer may be lost, too, most
 * likely on the very node that was removed, which is cut off at once. Safe for use by many threads.
 */
final class RemovalRequest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** The leadership is on its way to another node. */
    private static final Set<String> MOVING = Set.of("NOT_REMOVED", "NOT_LEADER", "NO_LEADER", "CHANGED_MEANWHILE");
    /** It may have been done all the same. */
    private static final Set<String> UNKNOWN = Set.of("LEADER_UNREACHABLE", "UNAVAILABLE");

    private final Function<String, Outcome> leader;
    private final Predicate<String> isEnded;
    private final Ticker ticker;

    /**
     * A way to ask.
     *
     * @param leader answers a request
     * @param isEnded whether it is known here that the membership of this id has ended
     */
    RemovalRequest(Function<String, Outcome> leader, Predicate<String> isEnded, Ticker ticker) {
        this.leader = leader;
        this.isEnded = isEnded;
        this.ticker = ticker;
    }

    Outcome send(MemberRecord member, String author, String reason) {
        String request = TreeText.json(
                Tree.mapping().put("id", member.id()).put("author", author).put("reason", reason).build());
        long end = ticker.nanos() + PATIENCE.toNanos();
        boolean begun = false;
        boolean unknown = false;
        while (true) {
            Outcome outcome = leader.apply(request);
            if (!(outcome instanceof Refused refused)) {
                return outcome;
            }
            if (isEnded.test(member.id()) || (unknown && refused.code().equals("NODE_NOT_FOUND"))) {
                return Done.of(Tree.mapping().put("removed", member.name()).put("id", member.id()));
            }
            // A cluster that had no leader to begin with is not waited for.
            boolean goesOn = UNKNOWN.contains(refused.code())
                    || (MOVING.contains(refused.code()) && (begun || !refused.code().equals("NO_LEADER")));
            if (!goesOn || ticker.nanos() - end > 0 || Thread.currentThread().isInterrupted()) {
                return refused;
            }
            begun = true;
            unknown |= UNKNOWN.contains(refused.code());
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
