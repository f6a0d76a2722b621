package io.halite.config.raft;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.config.Revision;
import io.halite.config.store.LastKnownGood;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.ProposalResult.Committed;
import io.halite.config.store.ProposalResult.Unavailable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files and full disks are told in plain words, never worked around; once mended the node comes back. */
class BrokenDiskTest {
    @TempDir
    Path root;

    @Test
    void aFlippedByteInTheLogIsRefusedAndTheMendedLogWorks() throws Exception {
        fill(root);
        Path wal = newestWal();
        byte[] whole = Files.readAllBytes(wal);
        flip(wal, whole.length / 2);
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> TestNode.open(root).close());
        assertTrue(String.valueOf(refused.getMessage()).contains("the Raft log in"), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains("checksum mismatch"), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains("join again"), refused.getMessage());
        assertEquals(new Revision(50), LastKnownGood.read(root).orElseThrow().revision());
        Files.write(wal, whole);
        try (TestNode node = TestNode.open(root)) {
            node.awaitLeading();
            assertEquals(new Revision(50), node.store.current().revision());
        }
    }

    @Test
    void aTornTailIsWhatACrashLeavesAndIsNoDamage() throws Exception {
        fill(root);
        Path wal = newestWal();
        try (RandomAccessFile file = new RandomAccessFile(wal.toFile(), "rw")) {
            file.setLength(file.length() - 3);
        }
        try (TestNode node = TestNode.open(root)) {
            node.awaitLeading();
            assertEquals(new Revision(50), node.store.current().revision());
        }
    }

    @Test
    void aDamagedVoteIsRefused() throws Exception {
        fill(root);
        Files.write(root.resolve("raft/meta/raft_meta"), new byte[16]);
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> TestNode.open(root).close());
        assertTrue(String.valueOf(refused.getMessage()).contains("term and vote"), refused.getMessage());
    }

    @Test
    void aNearlyFullDiskRefusesChangesBeforeAnythingBreaks() throws Exception {
        RaftSettings greedy = new RaftSettings(Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofMinutes(30), 0,
                Long.MAX_VALUE);
        try (TestNode node = TestNode.open(root, greedy)) {
            node.awaitLeading();
            Unavailable full = assertInstanceOf(Unavailable.class, node.replace(0, TestConfigs.numbered(1)));
            assertTrue(full.message().contains("is full"), full.message());
            assertTrue(full.outcomeKnown());
            String trouble = node.store.diskTrouble().orElseThrow();
            assertTrue(trouble.contains("is full") && trouble.contains("free space"), trouble);
        }
    }

    @Test
    void aFullDiskStopsTheStoreAndFreeSpaceBringsItBack() throws Exception {
        Path disk = Files.createDirectory(root.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()), "mounting needs root");
        try {
            // Without the margin that a product keeps, to get to the bottom of it.
            RaftSettings settings = new RaftSettings(Duration.ofSeconds(1), Duration.ofSeconds(5),
                    Duration.ofMinutes(30), 0, 0);
            try (TestNode node = TestNode.open(disk.resolve("data"), settings)) {
                node.awaitLeading();
                node.replace(0, TestConfigs.numbered(0));
                Path ballast = disk.resolve("ballast");
                long revision = 1;
                ProposalResult result = new Committed(new Revision(1), true);
                while (result instanceof Committed committed) {
                    revision = committed.revision().number();
                    // Again and again: the store keeps room for its logs, and frees some when it tidies up.
                    fillUp(ballast);
                    result = node.replace(revision, TestConfigs.numbered(Math.toIntExact(revision)));
                }
                assertInstanceOf(Unavailable.class, result);
                // Reads go on, and what was acknowledged is there.
                long stopped = node.store.current().revision().number();
                assertTrue(stopped >= revision, revision + " acknowledged, " + stopped + " readable");
                Files.delete(ballast);
                TestCluster.await().until(() -> node.store.leadership().leading());
                assertTrue(node.store.failure().isEmpty());
                long now = node.store.current().revision().number();
                assertTrue(now >= stopped, stopped + " were there, then " + now);
                assertInstanceOf(Committed.class, node.replace(now, TestConfigs.pools(5)));
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    private static void fillUp(Path ballast) throws IOException {
        byte[] block = new byte[1 << 10];
        try (var out = Files.newOutputStream(ballast, CREATE, APPEND)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("space"), full.getMessage());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private static void fill(Path directory) throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            for (int i = 0; i < 50; i++) {
                node.replace(i, TestConfigs.numbered(i));
            }
        }
    }

    private Path newestWal() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("raft/log"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
        }
    }

    private static void flip(Path file, long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            int old = bytes.read();
            bytes.seek(position);
            bytes.write(old ^ 0x10);
        }
    }
}
