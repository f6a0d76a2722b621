package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.print.Output;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "export", description = "Prints the config of the cluster as a document that can be applied again.")
final class ExportCommand extends ClientCommand {
    @Option(names = {"-o", "--output"}, paramLabel = "FORM", defaultValue = "yaml", description = "yaml or json.")
    private Output output = Output.YAML;

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        boolean json = output == Output.JSON;
        out.print(client.get("/config", json ? "application/json" : "application/yaml").text());
        return ExitCode.OK;
    }
}
