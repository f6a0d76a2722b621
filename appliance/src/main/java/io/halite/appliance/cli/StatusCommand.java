package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Answer;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.StatusText;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "status",
        description = "Shows nodes, pools and everything that needs attention; exit code 8 if the cluster is degraded.")
final class StatusCommand extends ClientCommand {
    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Answer answer = client.get("/status");
        Fields status = answer.fields();
        output.form().print(out, status.tree(),
                status.list("nodes").stream().map(node -> "nodes/" + node.text("name")).toList(),
                () -> StatusText.of(status, answer.stale()));
        return status.texts("degraded").isEmpty() && !answer.stale() ? ExitCode.OK : ExitCode.DEGRADED;
    }
}
