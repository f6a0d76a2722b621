package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import picocli.CommandLine.Option;

/** The option of every verb that changes something. */
final class ReasonOption {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "",
            description = "Why; kept in the history.")
    private String reason = "";

    /** As a parameter of a query, with {@code &} before it; empty when there is none. */
    String parameter() {
        return reason.isEmpty() ? "" : "&reason=" + AdminClient.segment(reason);
    }

    /** As the body of a call of a verb. */
    String body() {
        return TreeText.json(Tree.mapping().put("reason", reason).build());
    }
}
