package io.halite.appliance;

import io.halite.admin.node.ClusterActions.Cause;
import io.halite.admin.node.ClusterActions.Outcome;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.JoinToken;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;

/** What became of a wish to join the cluster of a peer, in the words of the admin API. Stateless. */
final class JoinOutcome {
    private static final int DEFAULT_ADMIN_PORT = 8443;

    private JoinOutcome() {}

    /** Asks the peer. */
    @FunctionalInterface
    interface Attempt {
        void join(NodeSettings.Join join) throws DirectoryException, IOException;
    }

    static Outcome of(String peer, String token, Attempt attempt) {
        NodeSettings.Join join;
        try {
            join = new NodeSettings.Join(PeerName.withPort(peer, DEFAULT_ADMIN_PORT), JoinToken.parse(token));
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(Cause.INVALID, "NO_PEER_OR_TOKEN", String.valueOf(e.getMessage()),
                    "copy the token again from 'halite token create' on a member");
        }
        try {
            attempt.join(join);
            return new Outcome.Done(TreeText.json(Tree.mapping().put("joined", true).put("peer", join.peer()).build()));
        } catch (CommandFailure e) {
            return new Outcome.Refused(cause(e), "NOT_JOINED", String.valueOf(e.getMessage()), e.hint());
        } catch (DirectoryException e) {
            return new Outcome.Refused(Cause.CONFLICT, "DATA_DIRECTORY", String.valueOf(e.getMessage()), e.hint());
        } catch (IOException e) {
            return new Outcome.Refused(Cause.CONFLICT, "NOT_JOINED", "the node cannot join: " + e.getMessage(), "");
        }
    }

    private static Cause cause(CommandFailure failure) {
        return switch (failure.exitCode()) {
            case NOT_AUTHORIZED -> Cause.FORBIDDEN;
            case UNREACHABLE, TIMED_OUT -> Cause.UNAVAILABLE;
            case INVALID_DOCUMENT, USAGE -> Cause.INVALID;
            case NOT_FOUND -> Cause.NOT_FOUND;
            default -> Cause.CONFLICT;
        };
    }
}
