package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.document.ObjectKey;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.config.store.LastKnownGood;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.ProposalResult.Committed;
import io.halite.config.store.ProposalResult.Stale;
import io.halite.config.store.RevisionRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

class SingleNodeStoreTest {
    private static final TargetRef TARGET = new TargetRef("web", "t");

    @TempDir
    Path directory;

    @Test
    void aNewClusterIsEmptyAtRevisionZero() throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            assertEquals(ConfigState.EMPTY, node.store.current());
            assertEquals(Optional.of(ClusterConfig.EMPTY), node.store.at(Revision.ZERO));
            assertTrue(node.store.history(10, Optional.empty()).isEmpty());
        }
    }

    @Test
    void aChangeMakesARevisionAndARestartKeepsIt() throws Exception {
        ClusterConfig config = TestConfigs.numbered(7);
        try (TestNode node = TestNode.open(directory)) {
            assertEquals(new Committed(new Revision(1), true), node.replace(0, config));
            assertEquals(config, node.store.current().config());
        }
        try (TestNode node = TestNode.open(directory)) {
            assertEquals(config, node.store.current().config());
            assertEquals(new Revision(1), node.store.current().revision());
            node.awaitLeading();
            assertEquals(new Committed(new Revision(2), true), node.replace(1, TestConfigs.numbered(8)));
        }
    }

    @Test
    void aChangeThatChangesNothingKeepsTheRevision() throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            node.replace(0, TestConfigs.numbered(7));
            assertEquals(new Committed(new Revision(1), false), node.replace(1, TestConfigs.numbered(7)));
        }
    }

    @Test
    void aChangeFromAnOldRevisionIsStale() throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            node.replace(0, TestConfigs.numbered(7));
            assertEquals(new Stale(new Revision(1)), node.replace(0, TestConfigs.numbered(8)));
            assertEquals(new Stale(new Revision(1)), node.replace(5, TestConfigs.numbered(8)));
            assertEquals(TestConfigs.numbered(7), node.store.current().config());
        }
    }

    @Test
    void theSameRequestIsAppliedOnceAlsoAcrossARestart() throws Exception {
        Origin origin = TestConfigs.origin("request-1");
        Proposal first = new Proposal.Replace(Revision.ZERO, TestConfigs.numbered(1), null, origin);
        try (TestNode node = TestNode.open(directory)) {
            assertEquals(new Committed(new Revision(1), true), node.store.propose(first));
            node.replace(1, TestConfigs.numbered(2));
            assertEquals(new Committed(new Revision(1), true), node.store.propose(first));
        }
        try (TestNode node = TestNode.open(directory)) {
            node.awaitLeading();
            assertEquals(new Committed(new Revision(1), true), node.store.propose(first));
            assertEquals(TestConfigs.numbered(2), node.store.current().config());
        }
    }

    @Test
    void historyTellsWhoWhatAndWhenNewestFirst() throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            node.replace(0, TestConfigs.numbered(1));
            node.replace(1, TestConfigs.pools(3));
            List<RevisionRecord> records = node.store.history(10, Optional.empty());
            assertEquals(List.of(2L, 1L), records.stream().map(record -> record.revision().number()).toList());
            RevisionRecord newest = records.getFirst();
            assertEquals("tester", newest.author());
            assertEquals("a test", newest.reason());
            assertEquals(List.of("pools/pool-0", "pools/pool-1", "pools/pool-2", "pools/web"),
                    newest.changed().stream().map(ObjectKey::toString).sorted().toList());
            assertEquals(List.of(1L), node.store.history(10, Optional.of(new Revision(2))).stream()
                    .map(record -> record.revision().number()).toList());
            assertEquals(Optional.of(newest), node.store.record(new Revision(2)));
            assertEquals(Optional.empty(), node.store.record(new Revision(3)));
        }
    }

    @Test
    void everyRevisionCanBeRestored() throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            for (int i = 0; i < 20; i++) {
                node.replace(i, i % 3 == 0 ? TestConfigs.pools(i + 1) : TestConfigs.numbered(i));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(Optional.of(i % 3 == 0 ? TestConfigs.pools(i + 1) : TestConfigs.numbered(i)),
                        node.store.at(new Revision(i + 1)));
            }
            assertEquals(Optional.empty(), node.store.at(new Revision(21)));
            ClusterConfig old = node.store.at(new Revision(4)).orElseThrow();
            ProposalResult result = node.store.propose(
                    new Proposal.Replace(new Revision(20), old, new Revision(4), TestConfigs.origin()));
            assertEquals(new Committed(new Revision(21), true), result);
            assertEquals(old, node.store.current().config());
            assertEquals(new Revision(4), node.store.record(new Revision(21)).orElseThrow().rollbackOf());
        }
    }

    @Test
    void adminStatesHaveTheirOwnCounterAndSurviveARestart() throws Exception {
        Proposal drain = new Proposal.SetAdminState(List.of(TARGET), AdminState.DRAIN, TestConfigs.origin());
        try (TestNode node = TestNode.open(directory)) {
            node.replace(0, TestConfigs.numbered(7));
            assertEquals(new Committed(new Revision(1), true), node.store.propose(drain));
            assertEquals(AdminState.DRAIN, node.store.current().adminState(TARGET));
            assertEquals(1, node.store.current().adminVersion());
            assertEquals(new Committed(new Revision(1), false), node.store.propose(new Proposal.SetAdminState(
                    List.of(TARGET), AdminState.DRAIN, TestConfigs.origin())));
        }
        try (TestNode node = TestNode.open(directory)) {
            assertEquals("tester", node.store.current().adminOverrides().values().iterator().next().author());
            node.awaitLeading();
            node.store.propose(new Proposal.SetAdminState(List.of(TARGET), AdminState.READY, TestConfigs.origin()));
            assertEquals(AdminState.READY, node.store.current().adminState(TARGET));
            assertEquals(2, node.store.current().adminVersion());
        }
    }

    @Test
    void systemRecordsStayApartFromTheConfigAndItsHistory() throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            assertEquals(new Committed(Revision.ZERO, true), put(node, "access/1", "a", true));
            assertEquals(new Committed(Revision.ZERO, false), put(node, "access/1", "b", true));
            put(node, "access/2", "c", false);
            put(node, "accessible", "d", false);
            assertEquals(Optional.of("a"), node.store.system("access/1"));
            assertEquals(Map.of("access/1", "a", "access/2", "c"), node.store.systemRecords("access/"));
            put(node, "access/1", null, false);
            assertEquals(Optional.empty(), node.store.system("access/1"));
            assertTrue(node.store.history(10, Optional.empty()).isEmpty());
        }
    }

    private static ProposalResult put(TestNode node, String key, @Nullable String value, boolean onlyIfAbsent) {
        return node.store.propose(new Proposal.PutSystem(key, value, onlyIfAbsent, TestConfigs.origin()));
    }

    @Test
    void aTransactionOfSystemRecordsHappensWhollyOrNotAtAll() throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            put(node, "tokens/t", "1", false);
            Map<String, String> expected = Map.of("tokens/t", "1");
            Map<String, String> puts = Map.of("tokens/t", "0", "members/m", "x");
            assertEquals(new Committed(Revision.ZERO, true), node.store.propose(
                    new Proposal.SystemTransaction(expected, puts, TestConfigs.origin())));
            assertInstanceOf(Stale.class, node.store.propose(new Proposal.SystemTransaction(
                    expected, Map.of("members/n", "y"), TestConfigs.origin())));
            assertEquals(Optional.empty(), node.store.system("members/n"));
            assertEquals(Optional.of("0"), node.store.system("tokens/t"));
        }
    }

    @Test
    void aWatcherHearsTheFirstAndTheLastStateInOrder() throws Exception {
        List<Long> heard = Collections.synchronizedList(new ArrayList<>());
        try (TestNode node = TestNode.open(directory)) {
            Subscription subscription = node.store.watch(state -> heard.add(state.revision().number()));
            Awaitility.await().until(() -> heard.contains(0L));
            for (int i = 0; i < 50; i++) {
                node.replace(i, TestConfigs.numbered(i));
            }
            Awaitility.await().until(() -> heard.contains(50L));
            List<Long> sorted = new ArrayList<>(heard);
            Collections.sort(sorted);
            assertEquals(sorted, heard);
            subscription.close();
        }
    }

    @Test
    void theLastKnownGoodFollowsEveryChange() throws Exception {
        try (TestNode node = TestNode.open(directory)) {
            node.replace(0, TestConfigs.numbered(7));
            node.store.propose(new Proposal.SetAdminState(List.of(TARGET), AdminState.MAINT, TestConfigs.origin()));
            ConfigState current = node.store.current();
            Awaitility.await()
                    .until(() -> LastKnownGood.read(directory).equals(Optional.of(current)));
        }
    }

    @Test
    void tenThousandObjectsCommitAsOneRevision() throws Exception {
        ClusterConfig config = TestConfigs.pools(10_000);
        try (TestNode node = TestNode.open(directory)) {
            assertEquals(new Committed(new Revision(1), true), node.replace(0, config));
            assertEquals(config, node.store.current().config());
            assertEquals(new Committed(new Revision(2), true), node.replace(1, ClusterConfig.EMPTY));
            assertEquals(Optional.of(config), node.store.at(new Revision(1)));
        }
        try (TestNode node = TestNode.open(directory)) {
            assertEquals(ClusterConfig.EMPTY, node.store.current().config());
            assertFalse(node.store.history(10, Optional.empty()).isEmpty());
        }
    }
}
