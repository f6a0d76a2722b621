package io.halite.health;

import io.halite.config.TargetRef;
import java.time.Instant;
import java.util.List;

/**
 * Which node probes which targets, as this node knows it.
 *
 * @param term the Raft term of the leader that decided it; 0 when this node probes alone
 * @param epoch counts its decisions in that term
 */
public record ProbeAssignments(long term, long epoch, List<Share> shares) {
    public ProbeAssignments {
        shares = List.copyOf(shares);
    }

    /**
     * One node's part.
     *
     * @param node its name
     * @param leaseUntil when it stops being the owner unless it renews, as known here
     */
    public record Share(String node, List<TargetRef> targets, Instant leaseUntil) {
        public Share {
            targets = List.copyOf(targets);
        }
    }
}
