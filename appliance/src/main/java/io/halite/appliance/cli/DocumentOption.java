package io.halite.appliance.cli;

import picocli.CommandLine.Option;

/** The option of every verb that reads a document. */
final class DocumentOption {
    @Option(names = {"-f", "--file"}, paramLabel = "FILE", required = true,
            description = "The document, YAML or JSON; - reads standard input.")
    private String file = "";

    Document read() {
        return Document.read(file);
    }
}
