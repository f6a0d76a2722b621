package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Answer;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.client.Refusal;
import io.halite.appliance.cli.client.Refusal.InvalidDocument;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "apply", description = "Makes a document the config of the cluster.")
final class ApplyCommand extends ClientCommand {
    @Mixin
    private DocumentOption document = new DocumentOption();

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Option(names = "--dry-run", description = "Check it against the cluster and change nothing.")
    private boolean dryRun;

    @Option(names = "--if-match", paramLabel = "REVISION",
            description = "Apply only if this is still the current revision (default: the one read just before).")
    private @Nullable Long ifMatch;

    @Option(names = "--confirm-within", paramLabel = "DURATION",
            description = "Undo it by itself unless 'halite confirm' follows within this time, such as 5m.")
    private @Nullable String confirmWithin;

    @Mixin
    private WaitOptions waiting = new WaitOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Document read = document.read();
        String base = ifMatch != null ? "\"" + ifMatch + "\"" : client.get("/config").etag();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", read.mediaType());
        headers.put("If-Match", base);
        String query = "?dryRun=" + dryRun + reason.parameter() + waiting.parameters()
                + (confirmWithin == null ? "" : "&confirmWithin=" + AdminClient.segment(confirmWithin));
        Answer answer;
        try {
            answer = client.send("PUT", "/config" + query, read.body(), headers);
        } catch (InvalidDocument e) {
            throw read.refused(e.refusal().errors());
        }
        Fields fields = answer.fields();
        read.lines(Refusal.problems(fields, "warnings")).forEach(err()::println);
        if (!fields.isTrue("changed")) {
            out.println("nothing to change: revision " + fields.text("revision") + " is this document already");
            return ExitCode.OK;
        }
        if (dryRun) {
            out.print(fields.text("diff"));
            out.println("dry run: the document is valid, nothing was changed");
            return ExitCode.OK;
        }
        return AppliedBy.tell(fields, waiting, out, err());
    }
}
