package io.halite.admin.node;

import io.halite.config.AdminState;
import java.time.Duration;

/** What people and joining nodes ask of the cluster itself. Calls may wait for other nodes. */
public interface ClusterActions {

    /** Makes a token that lets nodes join. */
    Outcome createJoinToken(Duration timeToLive, int uses, String author);

    /** Lets a node join; the request and the answer are JSON that the membership of the cluster understands. */
    Outcome join(String request, String source);

    /** Removes a node from the cluster for good. */
    Outcome remove(String node, String author, String reason);

    /** Makes a node the leader. */
    Outcome lead(String node, String author, String reason);

    /**
     * Moves a node's traffic, addresses and leadership away, or lets it take part again. Lasts until it is set again,
     * also across restarts of the node.
     */
    default Outcome setState(String node, AdminState state, String author, String reason) {
        return new Outcome.Refused(Cause.UNSUPPORTED, "UNSUPPORTED", "nodes have no admin state here", "");
    }

    /** What became of a request. */
    sealed interface Outcome {
        /**
         * It was done.
         *
         * @param json a JSON object with what there is to tell
         */
        record Done(String json) implements Outcome {}

        /** It was not, and nothing changed. */
        record Refused(Cause cause, String code, String message, String hint) implements Outcome {}
    }

    /** Why a request was refused. */
    enum Cause {
        /** It makes no sense as it was put. */
        INVALID,
        /** The token is wrong, expired or used up. */
        FORBIDDEN,
        /** There is no such node. */
        NOT_FOUND,
        /** The state of the cluster does not allow it. */
        CONFLICT,
        /** No quorum, or the node concerned does not answer. */
        UNAVAILABLE,
        /** This node does not offer it. */
        UNSUPPORTED
    }

    /** Refuses everything. */
    ClusterActions NONE = new ClusterActions() {
        private final Outcome refused = new Outcome.Refused(
                Cause.UNSUPPORTED, "UNSUPPORTED", "this node cannot change its cluster", "");

        @Override
        public Outcome createJoinToken(Duration timeToLive, int uses, String author) {
            return refused;
        }

        @Override
        public Outcome join(String request, String source) {
            return refused;
        }

        @Override
        public Outcome remove(String node, String author, String reason) {
            return refused;
        }

        @Override
        public Outcome lead(String node, String author, String reason) {
            return refused;
        }
    };
}
