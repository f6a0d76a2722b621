package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Table;
import io.halite.appliance.cli.print.Times;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "history", description = "Lists the revisions of the config, the newest first.")
final class HistoryCommand extends ClientCommand {
    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most this many.")
    private int limit;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Fields answer = client.get("/revisions?limit=" + limit).fields();
        print(answer, output, out);
        return ExitCode.OK;
    }

    static void print(Fields answer, OutputOptions output, PrintWriter out) {
        List<Fields> revisions = answer.list("revisions");
        output.form().print(out, answer.tree(),
                revisions.stream().map(r -> "revisions/" + r.text("revision")).toList(), () -> {
                    Table table = new Table("REVISION", "TIME", "AUTHOR", "RESTORES", "REASON");
                    revisions.forEach(r -> table.row(r.text("revision"), Times.local(r.text("time")), r.text("author"),
                            r.text("rollbackOf"), r.text("reason")));
                    return table.toString();
                });
    }
}
