package io.halite.config.membership;

import io.halite.config.AdminOverride;
import java.time.Duration;
import java.util.Optional;

/**
 * A member as this node knows it.
 *
 * @param alive whether it was heard of lately
 * @param silence how long it was not heard of
 * @param missing whether it has just fallen silent, within a second, and may be only slow
 * @param decided what people decided about it, who, when and why; its traffic, checks and leadership go elsewhere then
 * @param status what it last said of itself; empty when it never spoke to this node
 */
public record MemberView(
        MemberRecord record, Role role, boolean alive, Duration silence, boolean missing, Optional<AdminOverride> decided,
        Optional<NodeStatus> status) {
    /** A member's part in Raft. */
    public enum Role { LEADER, VOTER, LEARNER, WITNESS }

    /** Whether it shall get nothing new: people said so, or it is about to stop. */
    public boolean isDraining() {
        return decided.isPresent() || status.filter(NodeStatus::leaving).isPresent();
    }
}
