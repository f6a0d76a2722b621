package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.Revision;
import io.halite.config.store.ProposalResult.Committed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
    @TempDir
    Path root;

    @Test
    void threeNodesJoinByTokenAndAnyOfThemTakesWrites() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            for (int i = 0; i < 9; i++) {
                assertEquals(new Committed(new Revision(i + 1), true),
                        cluster.node(1 + i % 3).replace(i, TestConfigs.numbered(i)));
            }
            cluster.awaitRevision(9);
        }
    }
}
