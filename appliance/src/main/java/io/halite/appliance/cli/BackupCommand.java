package io.halite.appliance.cli;

import io.halite.admin.backup.BackupFile;
import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.config.store.DurableFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "backup", description = {"Saves the config, secrets and admin states of the cluster into one sealed file.",
        "Any node will do, also one without a quorum. Members, access tokens and the history are not in it."})
final class BackupCommand extends ClientCommand {
    @Parameters(paramLabel = "FILE", description = "Where to; what is there is replaced once the backup is whole.")
    private Path file = Path.of("");

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Optional<String> given = passphrase.given();
        Path key = PassphraseOption.keyFile(file);
        String sealing = given.orElseGet(() -> keptOrMade(key));
        HttpResponse<byte[]> backup = client.download("/backup",
                Map.of("Halite-Passphrase", PassphraseOption.header(sealing)));
        if (BackupFile.inspect(backup.body()) instanceof BackupFile.Refused refused) {
            throw new CommandFailure(ExitCode.FAILED, "the node sent no whole backup: " + refused.message(), "try again");
        }
        write(file, backup.body());
        String revision = backup.headers().firstValue("ETag").orElse("").replace("\"", "");
        out.println("revision " + revision + " is saved in " + file + " (" + backup.body().length
                + " bytes), sealed with " + (given.isPresent() ? "your passphrase" : "the key in " + key));
        if (given.isEmpty()) {
            err().println("halite: note: whoever has both files has the secrets; keep " + key + " somewhere else");
        }
        return ExitCode.OK;
    }

    /** The same key for every backup of this name, so that a nightly one needs no new place for its key. */
    private static String keptOrMade(Path key) {
        if (Files.exists(key)) {
            return PassphraseOption.firstLine(key);
        }
        String made = PassphraseOption.made();
        // Before the backup: a backup whose key was not written is lost.
        write(key, (made + "\n").getBytes(StandardCharsets.UTF_8));
        return made;
    }

    private static void write(Path file, byte[] content) {
        try {
            DurableFile.writeSecret(file.toAbsolutePath(), content);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot write " + file + ": " + e.getMessage(), "");
        }
    }
}
