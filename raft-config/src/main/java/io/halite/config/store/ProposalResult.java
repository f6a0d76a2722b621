package io.halite.config.store;

import io.halite.config.Revision;

/** The fate of a proposal. */
public sealed interface ProposalResult {

    /**
     * It is durable and applied here.
     *
     * @param revision the revision now current
     * @param changed false when everything was so already, which keeps the revision
     */
    record Committed(Revision revision, boolean changed) implements ProposalResult {}

    /** The base is no longer the current revision; nothing changed. */
    record Stale(Revision current) implements ProposalResult {}

    /** The proposal can never be stored, such as one that is too large; nothing changed. */
    record Refused(String message, String hint) implements ProposalResult {}

    /**
     * No quorum, no leader, a full or broken disk, or no answer in time.
     *
     * @param outcomeKnown whether it is certain that nothing changed
     */
    record Unavailable(String message, String hint, boolean outcomeKnown) implements ProposalResult {}
}
