package io.halite.appliance.cli;

import io.halite.appliance.cli.print.Output;
import picocli.CommandLine.Option;

/** The option of every verb that prints objects. */
final class OutputOptions {
    @Option(names = {"-o", "--output"}, paramLabel = "FORM", defaultValue = "table",
            description = "One of ${COMPLETION-CANDIDATES}.")
    private Output output = Output.TABLE;

    Output form() {
        return output;
    }
}
