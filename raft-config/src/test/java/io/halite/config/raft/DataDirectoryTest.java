package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Revision;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.LocalMember;
import io.halite.config.store.DirectoryTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node never starts on data that is not whole: it could vote twice, or lead without what it has acknowledged. */
class DataDirectoryTest {
    @TempDir
    Path root;

    @Test
    void aDirectoryInUseNamesTheProcessThatHasIt() throws Exception {
        Process process = KillTest.start(root.resolve("a"));
        try (BufferedReader out = process.inputReader()) {
            out.readLine();
            DirectoryException refused =
                    assertThrows(DirectoryException.class, () -> DataDirectory.open(root.resolve("a")));
            assertTrue(String.valueOf(refused.getMessage()).contains("in use by process " + process.pid()),
                    refused.getMessage());
            assertTrue(refused.hint().contains("--data"), refused.hint());
        } finally {
            process.destroyForcibly().waitFor();
        }
        DataDirectory.open(root.resolve("a")).close();
    }

    @Test
    void aDirectoryIsOpenOnceInAProcessToo() throws Exception {
        try (DataDirectory ignored = DataDirectory.open(root.resolve("a"))) {
            assertTrue(ignored.path().endsWith("a"));
            assertThrows(DirectoryException.class, () -> DataDirectory.open(root.resolve("a")));
        }
    }

    @Test
    void whatIsSecretIsTheOwnersAlone() throws Exception {
        try (DataDirectory directory = DataDirectory.open(root.resolve("a"))) {
            LocalMember.create(directory, "lb-1", Set.of("127.0.0.1"), Instant.now());
            for (String secret : new String[] {"node.pem", "cluster.key", "founding.json"}) {
                assertEquals("rw-------", PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.path().resolve(secret))), secret);
            }
            assertFalse(Files.readString(directory.path().resolve("founding.json")).contains("PRIVATE KEY"));
        }
    }

    @Test
    void aDeletedRaftDirectoryIsRefused() throws Exception {
        used("a");
        DirectoryTree.delete(root.resolve("a/raft"));
        refused("a", "raft/identity.json is missing");
    }

    @Test
    void aForgottenVoteIsRefused() throws Exception {
        used("a");
        Files.delete(root.resolve("a/raft/meta/raft_meta"));
        refused("a", "raft_meta is missing");
    }

    @Test
    void aDeletedLogIsRefused() throws Exception {
        used("a");
        DirectoryTree.delete(root.resolve("a/raft/log"));
        refused("a", "the Raft log was deleted");
    }

    @Test
    void aMissingIdentityBesideRaftsDataIsRefused() throws Exception {
        used("a");
        Files.delete(root.resolve("a/identity.json"));
        refused("a", "identity.json is missing");
    }

    @Test
    void anEditedIdentityIsRefused() throws Exception {
        used("a");
        Path identity = root.resolve("a/identity.json");
        Files.writeString(identity, Files.readString(identity).replace("lb-1", "lb-2"));
        refused("a", "was edited");
    }

    @Test
    void directoriesOfTwoNodesMixedUpAreRefused() throws Exception {
        used("a");
        used("b");
        DirectoryTree.delete(root.resolve("a/raft"));
        copy(root.resolve("b/raft"), root.resolve("a/raft"));
        refused("a", "belongs to node");
    }

    @Test
    void aDeletedStateComesBackFromTheLog() throws Exception {
        used("a");
        DirectoryTree.delete(root.resolve("a/state"));
        try (TestNode node = TestNode.open(root.resolve("a"))) {
            TestCluster.await().until(() -> node.store.current().revision().equals(new Revision(3)));
            assertEquals(TestConfigs.numbered(2), node.store.current().config());
        }
    }

    @Test
    void aHalfMadeDirectoryIsMadeAnew() throws Exception {
        Files.createDirectories(root.resolve("a"));
        Files.writeString(root.resolve("a/ca.pem"), "half");
        used("a");
    }

    private void used(String name) throws Exception {
        try (TestNode node = TestNode.open(root.resolve(name))) {
            for (int i = 0; i < 3; i++) {
                node.replace(i, TestConfigs.numbered(i));
            }
        }
    }

    private void refused(String name, String why) {
        DirectoryException refused = assertThrows(DirectoryException.class, () -> {
            try (TestNode ignored = TestNode.open(root.resolve(name))) {
                assertTrue(ignored.store.current().revision().number() >= 0);
            }
        });
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
        assertTrue(refused.hint().contains("join again"), refused.hint());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
