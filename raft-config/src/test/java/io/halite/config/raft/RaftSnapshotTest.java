package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.store.DirectoryTree;
import io.halite.config.store.Proposal;
import io.halite.config.store.ReplicatedState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftSnapshotTest {
    private static final TargetRef TARGET = new TargetRef("web", "t");

    @TempDir
    Path root;

    @Test
    void aStateComesBackFromTheSnapshotAndTheLogBehindIt() throws Exception {
        try (TestNode node = TestNode.open(root)) {
            write(node, 0, 10);
            node.store.propose(new Proposal.SetAdminState(List.of(TARGET), AdminState.DRAIN, TestConfigs.origin()));
            node.store.propose(new Proposal.PutSystem("access/x", "y", false, TestConfigs.origin()));
            assertTrue(node.store.saveSnapshot(TestCluster.PATIENCE));
            write(node, 10, 15);
        }
        DirectoryTree.delete(root.resolve("state"));
        try (TestNode node = TestNode.open(root)) {
            TestCluster.await().until(() -> node.store.current().revision().equals(new Revision(15)));
            assertEquals(TestConfigs.numbered(14), node.store.current().config());
            assertEquals(AdminState.DRAIN, node.store.current().adminState(TARGET));
            assertEquals(Optional.of("y"), node.store.system("access/x"));
            assertEquals(Optional.of(TestConfigs.numbered(3)), node.store.at(new Revision(4)));
            assertEquals(15, node.store.history(100, Optional.empty()).size());
        }
    }

    @Test
    void aDamagedSnapshotIsRefusedAndNothingIsLost() throws Exception {
        try (TestNode node = TestNode.open(root)) {
            write(node, 0, 10);
            assertTrue(node.store.saveSnapshot(TestCluster.PATIENCE));
        }
        Path file = snapshotFile();
        DirectoryTree.delete(root.resolve("state"));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bytes.length() / 2);
            int old = bytes.read();
            bytes.seek(bytes.length() / 2);
            bytes.write(old ^ 1);
        }
        IOException refused = assertThrows(IOException.class, () -> {
            try (ReplicatedState fresh = ReplicatedState.open(root.resolve("other"))) {
                fresh.load(file);
            }
        });
        assertTrue(String.valueOf(refused.getMessage()).contains("checksum"), refused.getMessage());
        IllegalStateException failed = assertThrows(IllegalStateException.class, () -> TestNode.open(root).close());
        assertTrue(String.valueOf(failed.getMessage()).contains("snapshot cannot be used"), failed.getMessage());
    }

    private Path snapshotFile() throws IOException {
        try (Stream<Path> walk = Files.walk(root.resolve("raft/snapshot"))) {
            return walk.filter(path -> path.endsWith("state")).findFirst().orElseThrow();
        }
    }

    private static void write(TestNode node, int from, int to) {
        node.awaitLeading();
        for (int i = from; i < to; i++) {
            node.replace(i, TestConfigs.numbered(i));
        }
        assertEquals(new Revision(to), node.store.current().revision());
    }

    @Test
    void aNodeThatJoinsLateIsSentTheSnapshot() throws Exception {
        try (TestCluster cluster = TestCluster.of(1, root)) {
            ClusterNode first = cluster.node(1);
            for (int i = 0; i < 20; i++) {
                first.replace(i, TestConfigs.numbered(i));
            }
            // The log is cut at the second snapshot only.
            assertTrue(first.store.saveSnapshot(TestCluster.PATIENCE));
            first.replace(20, TestConfigs.pools(2000));
            assertTrue(first.store.saveSnapshot(TestCluster.PATIENCE));
            ClusterNode second = cluster.join(false);
            // Whoever has nothing yet has no vote: the leader of a young cluster would lose its majority with it.
            TestCluster.await().until(() -> first.store.group().roll().voters().contains(second.id()));
            cluster.awaitRevision(21);
            assertEquals(TestConfigs.pools(2000), second.store.current().config());
            assertEquals(Optional.of(TestConfigs.numbered(5)), second.store.at(new Revision(6)));
            cluster.awaitVoters(2);
            second.replace(21, TestConfigs.numbered(0));
            cluster.awaitRevision(22);
        }
    }
}
