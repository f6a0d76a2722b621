package io.halite.appliance;

import io.halite.admin.access.AccessTokens;
import io.halite.admin.access.Role;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.config.Revision;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** What a new cluster is given before anyone can ask it: its first config, and a token for the machine's administrator. */
final class FirstSteps {
    private static final String AUTHOR = "local";

    private final ConfigStore store;
    private final AccessTokens tokens;
    private final InstantSource clock;

    FirstSteps(ConfigStore store, AccessTokens tokens, InstantSource clock) {
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Takes the steps that have not been taken.
     *
     * @param initial empty for a cluster that exists already
     */
    void take(Path data, Optional<InitialConfig> initial) throws IOException {
        initial.ifPresent(config -> require("apply --config", store.propose(new Proposal.Replace(Revision.ZERO,
                config.config(), null,
                new Origin(AUTHOR, "config at creation", clock.instant(), UUID.randomUUID().toString())))));
        if (!LocalFiles.hasToken(data)) {
            switch (tokens.issue(AUTHOR, Role.ADMIN, Optional.empty(), AUTHOR)) {
                case AccessTokens.Issue.Issued issued -> LocalFiles.writeToken(data, issued.token());
                case AccessTokens.Issue.Failed failed -> require("issue the local administrator's token", failed.result());
            }
        }
    }

    private static void require(String what, ProposalResult result) {
        switch (result) {
            case ProposalResult.Committed ignored -> { }
            case ProposalResult.Stale(Revision current) -> throw new CommandFailure(ExitCode.FAILED,
                    "cannot " + what + ": the cluster is at revision " + current + " already", "");
            case ProposalResult.Refused(String message, String hint) ->
                    throw new CommandFailure(ExitCode.FAILED, "cannot " + what + ": " + message, hint);
            case ProposalResult.Unavailable(String message, String hint, boolean ignored) ->
                    throw new CommandFailure(ExitCode.UNREACHABLE, "cannot " + what + ": " + message, hint);
        }
    }
}
