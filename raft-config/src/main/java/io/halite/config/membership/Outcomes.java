package io.halite.config.membership;

import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Refused;
import io.halite.config.store.ProposalResult;
import java.util.function.Supplier;

/** Turns the fate of a proposal into that of the request behind it. Stateless. */
final class Outcomes {
    private Outcomes() {}

    static Outcome of(ProposalResult result, Supplier<Outcome> whenCommitted) {
        return switch (result) {
            case ProposalResult.Committed ignored -> whenCommitted.get();
            case ProposalResult.Stale ignored -> new Refused(Cause.CONFLICT, "CHANGED_MEANWHILE",
                    "the cluster was changed meanwhile", "try again");
            case ProposalResult.Refused refused ->
                    new Refused(Cause.INVALID, "REFUSED", refused.message(), refused.hint());
            case ProposalResult.Unavailable unavailable ->
                    new Refused(Cause.UNAVAILABLE, "UNAVAILABLE", unavailable.message(), unavailable.hint());
        };
    }
}
