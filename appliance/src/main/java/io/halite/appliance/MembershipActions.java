package io.halite.appliance;

import io.halite.admin.node.ClusterActions;
import io.halite.config.AdminState;
import io.halite.config.membership.Membership;
import java.time.Duration;

/** Changes of the cluster by its membership, for the admin API. */
record MembershipActions(Membership membership, Departure departure) implements ClusterActions {

    @Override
    public Outcome createJoinToken(Duration timeToLive, int uses, String author) {
        return outcome(membership.createToken(timeToLive, uses, author));
    }

    @Override
    public Outcome join(String request, String source) {
        return outcome(membership.join(request, source));
    }

    @Override
    public Outcome remove(String node, String author, String reason) {
        return outcome(membership.remove(node, author, reason));
    }

    @Override
    public Outcome lead(String node, String author, String reason) {
        return outcome(membership.lead(node, author, reason));
    }

    @Override
    public Outcome setState(String node, AdminState state, String author, String reason) {
        return outcome(membership.setState(node, state, author, reason));
    }

    @Override
    public Outcome joinOther(String peer, String token, String author) {
        return departure.join(membership, peer, token);
    }

    private static Outcome outcome(io.halite.config.membership.Outcome outcome) {
        return switch (outcome) {
            case io.halite.config.membership.Outcome.Done done -> new Outcome.Done(done.json());
            case io.halite.config.membership.Outcome.Refused refused -> new Outcome.Refused(
                    Cause.valueOf(refused.cause().name()), refused.code(), refused.message(), refused.hint());
        };
    }
}
