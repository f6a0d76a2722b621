package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HostPort;
import io.halite.config.Revision;
import io.halite.config.Ticker;
import io.halite.config.membership.ClusterRecovery;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.JoinToken;
import io.halite.config.membership.Joiner;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.MemberView;
import io.halite.config.membership.Outcome;
import io.halite.config.membership.SystemKeys;
import io.halite.config.peer.AddressBook;
import io.halite.config.peer.PeerGate;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerSettings;
import io.halite.config.store.ProposalResult.Committed;
import io.halite.config.store.ProposalResult.Unavailable;
import io.halite.config.store.ProposalResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
    private static final RaftSettings IMPATIENT = new RaftSettings(Duration.ofSeconds(1), Duration.ofSeconds(2),
            Duration.ofMinutes(30), 0, 1 << 20);

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
            cluster.nodes().forEach(ClusterNode::close);
            ClusterNode alone = ClusterNode.open(cluster.node(1).path, 0, (nodeId, places) -> places, IMPATIENT);
            cluster.nodes().add(alone);
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
            ProposalResult told = TestCluster.await().until(() -> removed.replace(0, TestConfigs.numbered(0)),
                    Unavailable.class::isInstance);
            assertTrue(told.toString().contains("join again"), told.toString());
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

    /** It is cut off as soon as it is removed, and still says that it was done. */
    @Test
    void aLeaderRemovesItself() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            ClusterNode removed = cluster.leader();
            assertInstanceOf(Outcome.Done.class,
                    removed.membership.remove(removed.member.identity().name(), "tester", "test"));
            TestCluster.await().until(() -> removed.membership.expelled().isPresent());
            ClusterNode other = cluster.nodes().stream().filter(node -> node != removed).findFirst().orElseThrow();
            TestCluster.await().until(() -> other.membership.members().size() == 2);
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

    @Test
    void theFeatureLevelRisesWhenTheLastMemberUnderstandsMore() throws Exception {
        try (TestCluster cluster = TestCluster.of(2, root)) {
            cluster.awaitVoters(2);
            for (int i = 1; i <= 2; i++) {
                assertEquals(Optional.of("1"), cluster.node(1).store.system(SystemKeys.FEATURE_LEVEL));
                cluster.node(i).close();
                ClusterNode updated = cluster.node(i).reopenAs(2);
                cluster.nodes().set(i - 1, updated);
                TestCluster.await().until(() -> cluster.leader().membership.members().stream().anyMatch(member ->
                        member.record().id().equals(updated.id()) && member.record().featureLevel() == 2));
            }
            TestCluster.await().until(() -> cluster.nodes().stream().allMatch(node ->
                    node.store.system(SystemKeys.FEATURE_LEVEL).equals(Optional.of("2"))));
            try (DataDirectory directory = DataDirectory.open(root.resolve("old"))) {
                Joiner old = Joiner.prepare(directory, JoinToken.parse(cluster.leader().token()), new Joiner.Node("lb-9",
                        Set.of("127.0.0.1"), List.of(new HostPort("127.0.0.1", 7100)), "127.0.0.1", false, "0.1.0", 1));
                Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class,
                        cluster.leader().membership.join(old.request(Instant.now()), "test"));
                assertEquals("VERSION_TOO_OLD", refused.code());
                assertTrue(refused.message().contains("0.1.0") && refused.message().contains("at 2"), refused.message());
            }
        }
    }

    /** With the key of one member alone, of a cluster that goes on, nobody ends another member. */
    @Test
    void aStolenKeyDoesNotEndTheOthers() throws Exception {
        try (TestCluster cluster = TestCluster.of(2, root)) {
            cluster.awaitVoters(2);
            ClusterNode robbed = cluster.node(2);
            ClusterNode other = cluster.node(1);
            AddressBook book = new AddressBook();
            book.put(other.id(), List.of(new HostPort("127.0.0.1", other.network.port())));
            robbed.close();
            try (PeerNetwork thief = PeerNetwork.open(
                    PeerSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), robbed.network.port())),
                    robbed.member.identity().clusterId(), 7, robbed.member.certificate(), book, new PeerGate() {
                        @Override
                        public boolean isRemoved(String nodeId, String serial) {
                            return true;
                        }
                    }, Ticker.SYSTEM)) {
                CountDownLatch refused = new CountDownLatch(3);
                TestCluster.await().until(() -> {
                    thief.request(other.id(), PeerNetwork.Lane.CONTROL, "x", new byte[0], Duration.ofSeconds(5),
                            reply -> refused.countDown());
                    return refused.getCount() == 0;
                });
                assertTrue(other.membership.expelled().isEmpty(), other.membership.expelled().toString());
            }
            ClusterNode back = robbed.reopen();
            cluster.nodes().add(back);
            assertInstanceOf(Committed.class, cluster.leader().replace(0, TestConfigs.numbered(0)));
            assertTrue(other.membership.expelled().isEmpty());
        }
    }
}
