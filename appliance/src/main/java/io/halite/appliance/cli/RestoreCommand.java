package io.halite.appliance.cli;

import io.halite.admin.backup.BackupFile;
import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Times;
import io.halite.appliance.cli.client.Refusal;
import io.halite.appliance.cli.client.Refusal.InvalidDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "restore", description = {"Brings the config, secrets and admin states of a backup back as one revision.",
        "The config becomes that of the backup; secrets and admin states that the backup does not have stay as they are."})
final class RestoreCommand extends ClientCommand {
    @Parameters(paramLabel = "FILE", description = "A file that 'halite backup' wrote.")
    private Path file = Path.of("");

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(names = "--replace", description = "Also where the cluster has a config or secrets already.")
    private boolean replace;

    @Option(names = "--dry-run", description = "Tell what would change, and change nothing.")
    private boolean dryRun;

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        byte[] backup = read();
        Fields answer = send(client, backup);
        Refusal.problems(answer, "warnings").forEach(w -> err().println("halite: warning: " + w.message()));
        output.form().print(out, answer.tree(), List.of("revisions/" + answer.text("revision")), () -> table(answer));
        return ExitCode.OK;
    }

    private byte[] read() {
        byte[] backup;
        try {
            backup = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "cannot read the backup " + file + ": " + e.getMessage(), "");
        }
        if (BackupFile.inspect(backup) instanceof BackupFile.Refused refused) {
            throw new CommandFailure(ExitCode.INVALID_DOCUMENT, file + ": " + refused.message(), refused.hint());
        }
        return backup;
    }

    private Fields send(AdminClient client, byte[] backup) {
        String path = "/restore?replace=" + replace + "&dryRun=" + dryRun + reason.parameter();
        try {
            return client.send("POST", path, backup, Map.of("Content-Type", "application/octet-stream",
                    "Halite-Passphrase", PassphraseOption.header(opening()))).fields();
        } catch (InvalidDocument e) {
            Refusal refusal = e.refusal();
            boolean single = refusal.errors().size() == 1 && refusal.errors().getFirst().pointer().isEmpty();
            throw new CommandFailure(ExitCode.INVALID_DOCUMENT, file + ": " + refusal.detail(), refusal.hint(), single
                    ? List.of() : refusal.errors().stream().map(p -> p.pointer() + ": " + p.message()).toList());
        }
    }

    private String opening() {
        return passphrase.given().orElseGet(() -> {
            Path key = PassphraseOption.keyFile(file);
            if (!Files.exists(key)) {
                throw new CommandFailure(ExitCode.USAGE, "there is no passphrase for " + file, "bring " + key
                        + " back beside it, or give the passphrase by --passphrase-file or HALITE_PASSPHRASE");
            }
            return PassphraseOption.firstLine(key);
        });
    }

    private static String table(Fields answer) {
        StringBuilder text = new StringBuilder(answer.text("diff"));
        answer.texts("effects").forEach(effect -> text.append(effect).append('\n'));
        List<String> secrets = answer.texts("secrets");
        if (!secrets.isEmpty()) {
            text.append("secrets: ").append(String.join(", ", secrets)).append('\n');
        }
        answer.list("adminStates").forEach(state -> text.append(state.text("target")).append(": ")
                .append(state.text("adminState")).append('\n'));
        Fields source = answer.object("source");
        String from = "the backup of cluster " + source.text("cluster") + " at revision " + source.text("revision") + ", "
                + Times.local(source.text("time"));
        if (answer.isTrue("dryRun")) {
            return text + "dry run: this is what " + from + " would change\n";
        }
        return text + "restored " + from + ": this cluster is at revision " + answer.text("revision") + "\n";
    }
}
