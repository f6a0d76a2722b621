package io.halite.config.store;

/**
 * Where a node stands in Raft at a moment.
 *
 * @param leader the leader's node id, empty when none is known
 * @param leading whether this node leads
 * @param appliedIndex the last Raft log index applied here
 */
public record Leadership(String leader, boolean leading, long term, long appliedIndex) {
    /** Whether a leader is known, which a write needs. */
    public boolean hasLeader() {
        return !leader.isEmpty();
    }
}
