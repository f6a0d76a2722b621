package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Answer;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Refusal;
import io.halite.appliance.cli.client.Refusal.DocumentError;
import io.halite.appliance.cli.client.Refusal.InvalidDocument;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "validate", description = "Checks a document against the rules of the cluster.")
final class ValidateCommand extends ClientCommand {
    @Mixin
    private DocumentOption document = new DocumentOption();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Document read = document.read();
        Answer answer;
        try {
            answer = client.send("POST", "/config:validate", read.body(), Map.of("Content-Type", read.mediaType()));
        } catch (InvalidDocument e) {
            throw read.refused(e.refusal().errors());
        }
        List<DocumentError> warnings = Refusal.problems(answer.fields(), "warnings");
        read.lines(warnings).forEach(err()::println);
        out.println(read.label() + " is valid" + switch (warnings.size()) {
            case 0 -> "";
            case 1 -> ", with 1 warning";
            default -> ", with " + warnings.size() + " warnings";
        });
        return ExitCode.OK;
    }
}
