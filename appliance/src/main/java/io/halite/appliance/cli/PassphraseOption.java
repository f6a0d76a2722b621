package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a backup is sealed with: a passphrase of the operator's, else one that is made and kept beside the backup. */
final class PassphraseOption {
    private static final int MADE_BYTES = 24;

    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "The file whose first line is the passphrase "
            + "(also HALITE_PASSPHRASE, the passphrase itself). Without one, a key in FILE.key beside the backup is used.")
    private @Nullable Path file;

    /** What the operator gave; empty when nothing was. */
    Optional<String> given() {
        if (file != null) {
            return Optional.of(firstLine(file));
        }
        String environment = System.getenv("HALITE_PASSPHRASE");
        return environment == null || environment.isEmpty() ? Optional.empty() : Optional.of(environment);
    }

    /** The file of the key of a backup for which no passphrase is given. */
    static Path keyFile(Path backup) {
        return backup.resolveSibling(backup.getFileName() + ".key");
    }

    static String firstLine(Path from) {
        try {
            return Files.readString(from).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read " + from + ": " + e.getMessage(), "");
        }
    }

    /** A passphrase that nobody guesses. */
    static String made() {
        byte[] bytes = new byte[MADE_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** As the header that carries it. */
    static String header(String passphrase) {
        return "UTF-8''" + AdminClient.segment(passphrase);
    }
}
