package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Watch;
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

    /** What happens in the cluster, told on, with remarks about the connection. */
    final Watch watch(AdminClient client, String topics) {
        return new Watch(client, endpoint::open, topics, remark -> {
            err().println("halite: " + remark);
            err().flush();
        });
    }

    /** Where remarks go that are not the answer itself. */
    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Does the work. */
    abstract ExitCode run(AdminClient client, PrintWriter out);
}
