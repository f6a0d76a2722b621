package io.halite.config.membership;

import java.time.Duration;
import java.util.Optional;

/**
 * A member as this node knows it.
 *
 * @param alive whether it was heard of lately
 * @param silence how long it was not heard of
 * @param status what it last said of itself; empty when it never spoke to this node
 */
public record MemberView(MemberRecord record, Role role, boolean alive, Duration silence, Optional<NodeStatus> status) {
    /** A member's part in Raft. */
    public enum Role { LEADER, VOTER, LEARNER }
}
