package io.halite.admin.setup;

import io.halite.admin.node.ClusterActions.Outcome;

/** What an unclaimed node can become. Calls may wait for other nodes. */
public interface SetupActions {

    /** Founds a cluster of one; the answer holds a {@code token} of role admin and the cluster's {@code ca}. */
    Outcome create();

    /** Joins the cluster of a peer. */
    Outcome join(String peer, String token);
}
