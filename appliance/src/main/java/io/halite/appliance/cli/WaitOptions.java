package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import picocli.CommandLine.Option;

/** The options of verbs that can wait until a change is at work on every node. */
final class WaitOptions {
    @Option(names = "--wait", description = "Wait until every node works by it; exit code 9 if that takes too long.")
    private boolean everywhere;

    @Option(names = "--deadline", paramLabel = "DURATION", defaultValue = "30s",
            description = "How long to wait (default ${DEFAULT-VALUE}).")
    private String deadline = "30s";

    boolean isAsked() {
        return everywhere;
    }

    /** As parameters of a query, with {@code &} before each; empty when nobody asked. */
    String parameters() {
        return everywhere ? "&waitFor=cluster&wait=" + AdminClient.segment(deadline) : "";
    }
}
