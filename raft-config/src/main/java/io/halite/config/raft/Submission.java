package io.halite.config.raft;

import io.halite.config.store.CommandOutcome;

/** What came of carrying a command to the leader. */
sealed interface Submission {
    /** It was applied on the leader. */
    record Done(CommandOutcome outcome) implements Submission {}

    /**
     * It was not, or nobody knows.
     *
     * @param mayHaveHappened whether it may still be applied, so that only the same request may be sent again
     */
    record Failed(String why, boolean mayHaveHappened) implements Submission {}
}
