package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Revision;
import io.halite.config.membership.ClusterRecovery;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.MemberView;
import io.halite.config.membership.Outcome;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.ProposalResult.Committed;
import io.halite.config.store.ProposalResult.Unavailable;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void theFourthNodeLearnsAndWritesToo() throws Exception {
        try (TestCluster cluster = TestCluster.of(4, root)) {
            cluster.awaitVoters(3);
            ClusterNode learner = cluster.nodes().stream()
                    .filter(node -> node.store.group().roll().learners().contains(node.id())).findFirst().orElseThrow();
            assertEquals(new Committed(new Revision(1), true), learner.replace(0, TestConfigs.numbered(0)));
            cluster.awaitRevision(1);
            List<MemberView> members = learner.membership.members();
            assertEquals(4, members.size());
            TestCluster.await().until(() -> cluster.node(1).membership.members().stream().allMatch(
                    member -> member.status().filter(status -> status.activeRevision() == 1).isPresent()));
        }
    }

    @Test
    void theDeathOfALeaderLosesNothing() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            cluster.leader().replace(0, TestConfigs.numbered(0));
            ClusterNode dead = cluster.leader();
            dead.close();
            ClusterNode survivor = cluster.follower();
            assertEquals(new Committed(new Revision(2), true), survivor.replace(1, TestConfigs.numbered(1)));
            // At another address, which nobody else knows: it tells them itself.
            ClusterNode back = dead.reopenAt(0);
            cluster.nodes().add(back);
            cluster.awaitRevision(2);
            assertEquals(TestConfigs.numbered(1), back.store.current().config());
        }
    }

    @Test
    void aLeaderThatLeavesInOrderHandsOverFirst() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            cluster.leader().replace(0, TestConfigs.numbered(0));
            cluster.awaitRevision(1);
            ClusterNode leaving = cluster.leader();
            ClusterNode staying = cluster.follower();
            leaving.close();
            // Nobody waited for an election timeout: by the time it is closed another leads.
            assertTrue(staying.store.leadership().hasLeader());
            assertFalse(staying.store.leadership().leader().equals(leaving.id()));
        }
    }

    @Test
    void withoutAQuorumWritesAreRefusedAndReadsGoOn() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            cluster.leader().replace(0, TestConfigs.numbered(0));
            cluster.awaitRevision(1);
            cluster.node(2).close();
            cluster.node(3).close();
            ClusterNode alone = cluster.node(1);
            ProposalResult result = alone.replace(1, TestConfigs.numbered(1));
            Unavailable unavailable = assertInstanceOf(Unavailable.class, result);
            assertTrue(unavailable.message().contains("no leader"), unavailable.message());
            assertTrue(unavailable.hint().contains("halite cluster recover"), unavailable.hint());
            assertEquals(TestConfigs.numbered(0), alone.store.current().config());
            TestCluster.await().until(() -> !alone.membership.hasQuorum());
        }
    }

    @Test
    void leadershipIsHandedOver() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            ClusterNode next = cluster.follower();
            assertInstanceOf(Outcome.Done.class,
                    next.membership.lead(next.member.identity().name(), "tester", "test"));
            TestCluster.await().until(() -> next.store.leadership().leading());
            assertInstanceOf(Outcome.Refused.class, next.membership.lead("nobody", "tester", "test"));
        }
    }

    @Test
    void aRemovedNodeIsRefusedFromThenOnAndSaysSoItself() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            ClusterNode removed = cluster.follower();
            Outcome outcome = cluster.leader().membership.remove(removed.member.identity().name(), "tester", "test");
            assertInstanceOf(Outcome.Done.class, outcome);
            TestCluster.await().until(() -> cluster.leader().store.group().roll().voters().size() == 2);
            TestCluster.await().until(() -> removed.membership.expelled().isPresent());
            assertTrue(removed.membership.degraded().toString().contains("removed"));
            assertInstanceOf(Committed.class, cluster.leader().replace(0, TestConfigs.numbered(0)));
            removed.close();
            try (DataDirectory directory = DataDirectory.open(removed.path)) {
                DirectoryException refused =
                        assertThrows(DirectoryException.class, () -> LocalMember.load(directory));
                assertTrue(String.valueOf(refused.getMessage()).contains("removed from the cluster"), refused.getMessage());
            }
        }
    }

    @Test
    void aLeaderThatIsRemovedLetsAnotherFinishIt() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            ClusterNode removed = cluster.leader();
            ClusterNode other = cluster.follower();
            assertInstanceOf(Outcome.Done.class,
                    other.membership.remove(removed.member.identity().name(), "tester", "test"));
            TestCluster.await().until(() -> removed.membership.expelled().isPresent());
            TestCluster.await().until(() -> other.store.group().roll().voters().size() == 2
                    && !other.store.group().roll().voters().contains(removed.id()));
            assertInstanceOf(Committed.class, other.replace(0, TestConfigs.numbered(0)));
        }
    }

    @Test
    void aRecoveredSurvivorIsNotOverwrittenByMembersThatReturn() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            cluster.leader().replace(0, TestConfigs.numbered(0));
            cluster.awaitRevision(1);
            cluster.nodes().forEach(ClusterNode::close);
            try (DataDirectory directory = DataDirectory.open(cluster.node(2).path)) {
                ClusterRecovery.Found found = ClusterRecovery.inspect(directory);
                assertEquals(cluster.node(2).member.identity(), found.self());
                assertEquals(new Revision(1), found.revision());
                assertEquals(3, found.members().size());
                assertEquals(2, ClusterRecovery.prepare(directory).generation());
            }
            ClusterNode survivor = cluster.node(2).reopen();
            cluster.nodes().add(survivor);
            TestCluster.await().until(() -> survivor.store.leadership().leading());
            assertEquals(new Committed(new Revision(2), true), survivor.replace(1, TestConfigs.numbered(1)));
            TestCluster.await().until(() -> survivor.membership.members().size() == 1);
            ClusterNode first = cluster.node(1).reopen();
            cluster.nodes().add(first);
            ClusterNode third = cluster.node(3).reopen();
            cluster.nodes().add(third);
            TestCluster.await().until(() -> first.membership.expelled().isPresent()
                    && third.membership.expelled().isPresent());
            assertTrue(first.membership.expelled().orElseThrow().contains("generation 2"));
            assertFalse(first.store.leadership().hasLeader());
            assertEquals(new Revision(2), survivor.store.current().revision());
            assertEquals(new Committed(new Revision(3), true), survivor.replace(2, TestConfigs.numbered(2)));
        }
    }

    @Test
    void aWholeClusterComesBackByItself() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            for (int i = 0; i < 5; i++) {
                cluster.leader().replace(i, TestConfigs.numbered(i));
            }
            cluster.nodes().forEach(ClusterNode::close);
            List<ClusterNode> back = List.of(
                    cluster.node(1).reopen(), cluster.node(2).reopen(), cluster.node(3).reopen());
            cluster.nodes().addAll(back);
            assertEquals(new Committed(new Revision(6), true), cluster.leader().replace(5, TestConfigs.numbered(5)));
            cluster.awaitRevision(6);
        }
    }
}
