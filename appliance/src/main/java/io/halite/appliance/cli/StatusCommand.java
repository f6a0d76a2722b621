package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Answer;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Table;
import java.io.PrintWriter;
import java.util.List;
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
                () -> table(status, answer.stale()));
        return status.texts("degraded").isEmpty() && !answer.stale() ? ExitCode.OK : ExitCode.DEGRADED;
    }

    private static String table(Fields status, boolean stale) {
        StringBuilder text = new StringBuilder();
        Fields cluster = status.object("cluster");
        String leader = status.text("leader");
        text.append("cluster ").append(cluster.text("name")).append(", revision ").append(status.text("revision"))
                .append(leader.isEmpty() ? ", no leader" : ", leader " + leader).append(", term ")
                .append(status.text("term")).append(cluster.isTrue("quorum") ? "" : ", NO QUORUM").append('\n');
        if (stale) {
            text.append("  ! without a quorum: this is what the node knew last\n");
        }
        for (String sentence : status.texts("degraded")) {
            text.append("  ! ").append(sentence).append('\n');
        }
        text.append('\n').append(nodes(status.list("nodes")));
        if (!status.list("pools").isEmpty()) {
            text.append('\n').append(targets(status.list("pools")));
        }
        return text.toString();
    }

    static Table nodes(List<Fields> nodes) {
        Table table = new Table("NODE", "ROLE", "STATE", "ADDRESS", "REVISION", "FAILURES");
        for (Fields node : nodes) {
            int failures = node.list("failures").size();
            table.row(node.text("name"), node.text("role"), node.text("state"), node.text("address"),
                    node.text("activeRevision"), failures == 0 ? "" : Integer.toString(failures));
        }
        return table;
    }

    static Table targets(List<Fields> pools) {
        Table table = new Table("TARGET", "ADDRESS", "WEIGHT", "STATE", "HEALTH", "SINCE", "REASON");
        for (Fields pool : pools) {
            for (Fields target : pool.list("targets")) {
                String reason = target.text("reason");
                String message = target.text("message");
                table.row(pool.text("name") + "/" + target.text("name"), target.text("address"), target.text("weight"),
                        target.text("adminState"), target.text("health"), Times.local(target.text("since")),
                        message.isEmpty() || target.text("health").equals("healthy") ? reason : reason + ": " + message);
            }
        }
        return table;
    }
}
