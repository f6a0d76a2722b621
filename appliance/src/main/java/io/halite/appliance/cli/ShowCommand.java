package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Times;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "show",
        description = "Shows a revision: who made it, when and why, and what it changed; with -o yaml its document too.")
final class ShowCommand extends ClientCommand {
    @Parameters(paramLabel = "REVISION", description = "Its number, as history shows it.")
    private long revision;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Fields answer = client.get("/revisions/" + revision).fields();
        output.form().print(out, answer.tree(), List.of("revisions/" + revision), () -> table(answer));
        return ExitCode.OK;
    }

    private static String table(Fields answer) {
        StringBuilder text = new StringBuilder();
        text.append("revision  ").append(answer.text("revision")).append('\n');
        text.append("author    ").append(answer.text("author")).append('\n');
        text.append("time      ").append(Times.local(answer.text("time"))).append('\n');
        line(text, "reason    ", answer.text("reason"));
        line(text, "restores  ", answer.text("rollbackOf"));
        line(text, "changed   ", String.join(", ", answer.texts("changed")));
        String diff = answer.text("diff");
        return text.append('\n').append(diff.isEmpty() ? TreeText.yaml(answer.object("config").tree()) : diff).toString();
    }

    private static void line(StringBuilder text, String label, String value) {
        if (!value.isEmpty()) {
            text.append(label).append(value).append('\n');
        }
    }
}
