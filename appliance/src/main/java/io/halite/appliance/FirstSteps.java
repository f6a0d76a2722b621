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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** What a new cluster is given before anyone can ask it: its first config, and a token for the machine's administrator. */
final class FirstSteps {
    private static final System.Logger LOGGER = System.getLogger(FirstSteps.class.getName());
    private static final String AUTHOR = "local";
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Path data;
    private final String node;
    private final ConfigStore store;
    private final AccessTokens tokens;
    private final Runnable completion;
    private final InstantSource clock;

    /** @param completion completes a cluster that begins with this node, once that leads */
    FirstSteps(NodeSettings settings, ConfigStore store, AccessTokens tokens, Runnable completion, InstantSource clock) {
        this.data = settings.data();
        this.node = settings.name();
        this.store = store;
        this.tokens = tokens;
        this.completion = completion;
        this.clock = clock;
    }

    /**
     * Takes the steps that have not been taken.
     *
     * @param founding whether the cluster begins with this node, which then answers for them; another node's cluster may
     * be without a quorum just now, and its traffic does not wait for a token
     */
    void take(boolean founding) throws IOException {
        applyInitialConfig();
        admitTokenThatWasTold();
        if (LocalFiles.hasToken(data)) {
            return;
        }
        if (founding) {
            issueToken().ifPresent(refused -> require("issue the local administrator's token", refused));
            completion.run();
        } else {
            Thread.ofVirtual().name("first-token").start(this::issueTokenWhenPossible);
        }
    }

    /** The file stays until the config is in the store, so that a crash in between loses nothing. */
    private void applyInitialConfig() throws IOException {
        Path file = LocalFiles.initialConfig(data);
        if (!Files.exists(file)) {
            return;
        }
        ProposalResult result = store.propose(new Proposal.Replace(Revision.ZERO, InitialConfig.read(file).config(), null,
                new Origin(AUTHOR, "config at creation", clock.instant(), UUID.randomUUID().toString())));
        boolean there = result instanceof ProposalResult.Stale;
        if (!there) {
            require("apply --config", result);
        }
        Files.delete(file);
    }

    /** Whoever set the node up was told a token before there was a store to keep it. */
    private void admitTokenThatWasTold() throws IOException {
        Path file = LocalFiles.nextToken(data);
        if (!Files.exists(file)) {
            return;
        }
        String told = Files.readString(file).strip();
        if (tokens.verify(told).isEmpty()
                && tokens.admit(told, AUTHOR + "@" + node, Role.ADMIN, Optional.empty(), AUTHOR)
                instanceof AccessTokens.Issue.Failed(ProposalResult result)) {
            require("issue the local administrator's token", result);
        }
        LocalFiles.writeToken(data, told);
        Files.delete(file);
    }

    private void issueTokenWhenPossible() {
        try {
            for (Optional<ProposalResult> refused = issueToken(); refused.isPresent(); refused = issueToken()) {
                LOGGER.log(System.Logger.Level.WARNING, "no local token yet reason=" + refused.get());
                LockSupport.parkNanos(RETRY.toNanos());
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.ERROR, "local token not written error=" + e);
        }
    }

    /** Why it was not possible; empty when it was. */
    private Optional<ProposalResult> issueToken() throws IOException {
        return switch (tokens.issue(AUTHOR + "@" + node, Role.ADMIN, Optional.empty(), AUTHOR)) {
            case AccessTokens.Issue.Issued issued -> {
                LocalFiles.writeToken(data, issued.token());
                yield Optional.empty();
            }
            case AccessTokens.Issue.Failed failed -> Optional.of(failed.result());
        };
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
