package io.halite.appliance.cli;

import picocli.CommandLine.Option;

/** The option of every verb that changes something. */
final class ReasonOption {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "",
            description = "Why; kept in the history.")
    private String reason = "";

    String reason() {
        return reason;
    }
}
