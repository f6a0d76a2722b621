package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A verb that asks a node. */
abstract class ClientCommand implements Callable<Integer> {
    @Mixin
    private EndpointOptions endpoint = new EndpointOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() {
        try (AdminClient client = endpoint.open()) {
            return run(client, spec.commandLine().getOut()).number();
        } finally {
            spec.commandLine().getOut().flush();
        }
    }

    /** Where remarks go that are not the answer itself. */
    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Does the work. */
    abstract ExitCode run(AdminClient client, PrintWriter out);
}
