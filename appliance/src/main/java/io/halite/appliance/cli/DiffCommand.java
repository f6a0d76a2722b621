package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Answer;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.client.Refusal.InvalidDocument;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "diff", description = "Shows what applying a document would change; exit code 10 if anything.")
final class DiffCommand extends ClientCommand {
    @Mixin
    private DocumentOption document = new DocumentOption();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Document read = document.read();
        Answer answer;
        try {
            answer = client.send("POST", "/config:diff", read.body(), Map.of("Content-Type", read.mediaType()));
        } catch (InvalidDocument e) {
            throw read.refused(e.refusal().errors());
        }
        Fields diff = answer.fields();
        output.form().print(out, diff.tree(), diff.list("changes").stream().map(c -> c.text("object")).toList(),
                () -> diff.text("diff"));
        return diff.isTrue("changed") ? ExitCode.DIFFERS : ExitCode.OK;
    }
}
