package io.halite.config.raft;

import io.halite.config.store.Content;

/** What the Raft node of this process tells; called on its threads, which must not be held up. */
interface RaftEvents {
    /** New content is in force. */
    void applied(Content content);

    /** This node leads from now on. */
    void leading(long term);

    /** This node leads no more. */
    void notLeading();

    /** A leader is known. */
    void following(String leader, long term);

    /** No leader is known any more. */
    void leaderless();

    /** Raft has stopped on this node because of an error. */
    void failed(String error);
}
