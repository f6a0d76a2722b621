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

    /**
     * Leaves the cluster for that of a peer, if this node is all of its cluster and has no config to lose. Once the answer
     * is out the node starts anew as a member of the other.
     */
    default Outcome joinOther(String peer, String token, String author) {
        return new Outcome.Refused(Cause.UNSUPPORTED, "UNSUPPORTED", "this node cannot join another cluster", "");
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
        INVALID(422),
        /** The token is wrong, expired or used up. */
        FORBIDDEN(403),
        /** There is no such node. */
        NOT_FOUND(404),
        /** The state of the cluster does not allow it. */
        CONFLICT(409),
        /** No quorum, or the node concerned does not answer. */
        UNAVAILABLE(503),
        /** This node does not offer it. */
        UNSUPPORTED(501);

        private final int status;

        Cause(int status) {
            this.status = status;
        }

        /** How HTTP says it. */
        public int status() {
            return status;
        }
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
