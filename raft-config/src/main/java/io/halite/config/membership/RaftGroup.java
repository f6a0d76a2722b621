package io.halite.config.membership;

import java.util.Optional;
import java.util.SortedSet;

/**
 * The Raft group as membership changes it. Changes work on the leader only, one at a time, and wait until they are
 * committed; they answer why they failed, or nothing. Safe for use by many threads.
 */
public interface RaftGroup {
    /** Who votes and who learns, by the newest entry of this node's log that says so; empty before there is one. */
    Roll roll();

    Optional<String> addLearner(String nodeId);

    Optional<String> removeLearner(String nodeId);

    /** Makes a node a voter that has nearly all of the log already; a witness is passed over when another may lead. */
    Optional<String> addVoter(String nodeId, boolean witness);

    Optional<String> removeVoter(String nodeId);

    /** Hands the leadership to a voter. */
    Optional<String> lead(String nodeId);

    /**
     * The process of a node has ended, as its machine says: when it led, nobody need wait for its silence. The roll of
     * the group stays as it is.
     */
    void ended(String nodeId);

    /** A node that had ended was heard of again. */
    void returned(String nodeId);

    /** Stops Raft on this node for good. */
    void expel(String why);

    /** The members of the group by node id. */
    record Roll(SortedSet<String> voters, SortedSet<String> learners) {
        boolean has(String nodeId) {
            return voters.contains(nodeId) || learners.contains(nodeId);
        }
    }
}
