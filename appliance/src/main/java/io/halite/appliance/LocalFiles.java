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
    private static final String NEXT_TOKEN = "admin.token.next";
    private static final String INITIAL_CONFIG = "initial-config";
    private static final String SETUP_CODE = "setup.code";
    private static final String SETUP_AUTHORITY = "setup-ca.pem";

    private LocalFiles() {}

    /** Says where the node listens now. */
    static void writeLocal(Path data, String url, Path ca, NodeSettings.Ports ports) throws IOException {
        replace(data.resolve(LOCAL), TreeText.prettyJson(Tree.mapping().put("url", url).put("ca", ca.toString())
                .put("adminPort", ports.admin()).put("clusterPort", ports.cluster()).put("dnsPort", ports.dns())
                .put("pid", ProcessHandle.current().pid()).build()), "rw-r--r--");
    }

    /** Takes back that the node can be asked. */
    static void removeLocal(Path data) throws IOException {
        Files.deleteIfExists(data.resolve(LOCAL));
    }

    static boolean hasToken(Path data) {
        return Files.exists(data.resolve(TOKEN));
    }

    /** Where a token is kept that was told and is not in the store yet. */
    static Path nextToken(Path data) {
        return data.resolve(NEXT_TOKEN);
    }

    /** Where the config of a new cluster is kept until it is in the store. */
    static Path initialConfig(Path data) {
        return data.resolve(INITIAL_CONFIG);
    }

    /** What proves on this machine that one may set the node up. */
    static Path setupCode(Path data) {
        return data.resolve(SETUP_CODE);
    }

    /** Whom clients of an unclaimed node trust. */
    static Path setupAuthority(Path data) {
        return data.resolve(SETUP_AUTHORITY);
    }

    /** Forgets what was for the setup. */
    static void endSetup(Path data) throws IOException {
        Files.deleteIfExists(setupCode(data));
        Files.deleteIfExists(setupAuthority(data));
    }

    /** Forgets what was good in a cluster that the node has left. */
    static void leave(Path data) throws IOException {
        for (Path file : new Path[] {data.resolve(TOKEN), nextToken(data), initialConfig(data)}) {
            Files.deleteIfExists(file);
        }
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
