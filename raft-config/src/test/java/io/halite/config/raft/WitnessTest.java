package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Revision;
import io.halite.config.membership.MemberView;
import io.halite.config.membership.Outcome;
import io.halite.config.store.ProposalResult.Committed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes and a witness: any one of the three may be lost, and the witness leads only when nobody else can. */
class WitnessTest {
    @TempDir
    Path root;

    @Test
    void twoNodesAndAWitnessBearTheLossOfANode() throws Exception {
        try (TestCluster cluster = TestCluster.of(2, root)) {
            ClusterNode witness = cluster.addWitness();
            cluster.awaitVoters(3);
            assertEquals(new Committed(new Revision(1), true), witness.replace(0, TestConfigs.numbered(0)));
            assertEquals(MemberView.Role.WITNESS, role(cluster.node(1), witness));
            Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class,
                    cluster.node(1).membership.lead("lb-3", "tester", "test"));
            assertEquals("IS_A_WITNESS", refused.code());
            ClusterNode dead = cluster.leader();
            ClusterNode survivor = dead == cluster.node(1) ? cluster.node(2) : cluster.node(1);
            dead.close();
            assertEquals(new Committed(new Revision(2), true), survivor.replace(1, TestConfigs.numbered(1)));
            assertEquals(survivor, cluster.leader());
            assertEquals(MemberView.Role.WITNESS, role(survivor, witness));
            // It stays one when it is started again.
            witness.close();
            ClusterNode again = witness.reopen();
            cluster.nodes().add(again);
            assertTrue(again.member.identity().witness());
            assertEquals(new Committed(new Revision(3), true), survivor.replace(2, TestConfigs.numbered(2)));
        }
    }

    private static MemberView.Role role(ClusterNode asked, ClusterNode of) {
        return TestCluster.await().until(() -> asked.membership.members().stream()
                .filter(member -> member.record().id().equals(of.id())).findFirst(), found -> found.isPresent())
                .orElseThrow().role();
    }

    @Test
    void aThirdNodeTakesTheVoteOfTheWitness() throws Exception {
        try (TestCluster cluster = TestCluster.of(2, root)) {
            ClusterNode witness = cluster.addWitness();
            cluster.awaitVoters(3);
            ClusterNode third = cluster.add();
            TestCluster.await().until(() -> third.store.group().roll().voters().contains(third.id())
                    && third.store.group().roll().learners().contains(witness.id()));
            cluster.awaitVoters(3);
        }
    }

    /** What one that must never lead could not do: only it and the node that died have the newest change. */
    @Test
    void aWitnessBringsTheNodeThatMissedAChangeUpToDateAndHandsOver() throws Exception {
        try (TestCluster cluster = TestCluster.of(2, root)) {
            cluster.addWitness();
            cluster.awaitVoters(3);
            ClusterNode leader = cluster.leader();
            ClusterNode behind = leader == cluster.node(1) ? cluster.node(2) : cluster.node(1);
            behind.close();
            assertEquals(new Committed(new Revision(1), true), leader.replace(0, TestConfigs.numbered(0)));
            leader.close();
            ClusterNode back = behind.reopen();
            cluster.nodes().add(back);
            TestCluster.await().until(() -> back.store.leadership().leading());
            assertEquals(TestConfigs.numbered(0), back.store.current().config());
            assertEquals(new Committed(new Revision(2), true), back.replace(1, TestConfigs.numbered(1)));
            assertFalse(cluster.node(3).store.leadership().leading());
        }
    }
}
