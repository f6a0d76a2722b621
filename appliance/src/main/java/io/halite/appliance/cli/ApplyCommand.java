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

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Document read = document.read();
        String base = ifMatch != null ? "\"" + ifMatch + "\"" : client.get("/config").etag();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", read.mediaType());
        headers.put("If-Match", base);
        if (!reason.reason().isEmpty()) {
            headers.put("Halite-Reason", reason.reason());
        }
        String query = "?dryRun=" + dryRun + (confirmWithin == null ? "" : "&confirmWithin=" + confirmWithin);
        Answer answer;
        try {
            answer = client.send("PUT", "/config" + query, read.body(), headers);
        } catch (InvalidDocument e) {
            throw read.refused(e.refusal().errors());
        }
        Fields fields = answer.fields();
        read.lines(Refusal.problems(fields, "warnings"), "warning").forEach(err()::println);
        report(fields, out);
        return ExitCode.OK;
    }

    private void report(Fields fields, PrintWriter out) {
        String revision = fields.text("revision");
        if (!fields.isTrue("changed")) {
            out.println("nothing to change: revision " + revision + " is this document already");
        } else if (dryRun) {
            out.println("dry run: the document is valid and would change revision " + revision);
        } else {
            out.println("revision " + revision + " is live");
        }
        for (Fields failure : fields.list("failures")) {
            err().println("halite: " + failure.text("object") + " could not be put to work: " + failure.text("message"));
        }
    }
}
