package io.halite.appliance;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** What a node leaves in its data directory for the command line: where it is, and a token. Stateless. */
final class LocalFiles {
    /** The bearer token of the machine's administrator. */
    static final String TOKEN = "admin.token";
    private static final String LOCAL = "local.json";

    private LocalFiles() {}

    /** Says where the node listens now. */
    static void writeLocal(Path data, String url, Path ca, NodeSettings.Ports ports) throws IOException {
        replace(data.resolve(LOCAL), TreeText.prettyJson(Tree.mapping().put("url", url).put("ca", ca.toString())
                .put("adminPort", ports.admin()).put("clusterPort", ports.cluster())
                .put("pid", ProcessHandle.current().pid()).build()), "rw-r--r--");
    }

    /** Takes back that the node can be asked. */
    static void removeLocal(Path data) throws IOException {
        Files.deleteIfExists(data.resolve(LOCAL));
    }

    static boolean hasToken(Path data) {
        return Files.exists(data.resolve(TOKEN));
    }

    /** Keeps a token for the owner of the directory alone. */
    static void writeToken(Path data, String token) throws IOException {
        replace(data.resolve(TOKEN), token + "\n", "rw-------");
    }

    /** Whole or not at all; never readable by more than the mode says, not even for a moment. */
    private static void replace(Path file, String text, String mode) throws IOException {
        Path aside = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName().toString(), ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(aside, text.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString(mode));
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
