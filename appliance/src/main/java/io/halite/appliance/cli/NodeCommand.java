package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.StatusText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "node", description = "Shows and changes the members of the cluster.",
        subcommands = {NodeCommand.Ls.class, NodeCommand.Remove.class, NodeCommand.Lead.class})
final class NodeCommand extends VerbGroup {

    private static String path(String name, String verb) {
        return "/nodes/" + AdminClient.segment(name) + ":" + verb;
    }

    @Command(name = "ls", description = "Lists the members.")
    static final class Ls extends ClientCommand {
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            Fields answer = client.get("/nodes").fields();
            List<Fields> nodes = answer.list("nodes");
            output.form().print(out, answer.tree(), nodes.stream().map(n -> "nodes/" + n.text("name")).toList(),
                    () -> StatusText.nodes(nodes).toString());
            return ExitCode.OK;
        }
    }

    @Command(name = "remove", description = "Removes a member for good; its certificate is refused from then on.")
    static final class Remove extends ClientCommand {
        @Parameters(paramLabel = "NODE", description = "The name of the node.")
        private String name = "";

        @Mixin
        private ReasonOption reason = new ReasonOption();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            client.post(path(name, "remove"), reason.body());
            out.println("node " + name + " is removed");
            return ExitCode.OK;
        }
    }

    @Command(name = "lead", description = "Hands the leadership to a voter.")
    static final class Lead extends ClientCommand {
        @Parameters(paramLabel = "NODE", description = "The name of the node.")
        private String name = "";

        @Mixin
        private ReasonOption reason = new ReasonOption();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            client.post(path(name, "lead"), reason.body());
            out.println("node " + name + " leads");
            return ExitCode.OK;
        }
    }
}
