package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.HostPort;
import io.halite.config.Revision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of one takes a second voter, which is lost at the worst moment. */
class SecondVoterTest {
    /** Time enough to see the change before it is through. */
    private static final Duration FAR = Duration.ofMillis(60);

    @TempDir
    Path root;

    @Test
    void aNodeThatLosesTheSecondVoterBeforeItVotesLeadsAgainWhenThatIsBack() throws Exception {
        int one = ClusterNode.freePort();
        int two = ClusterNode.freePort();
        Path path = root.resolve("node-1");
        ClusterNode.found(path, "lb-1").close();
        try (FaultyLinks links = new FaultyLinks()) {
            links.open(Map.of("one", one, "two", two));
            HostPort detour = new HostPort("127.0.0.1", links.port("one", "two"));
            try (ClusterNode first = ClusterNode.open(path, one, (_, places) -> places.stream()
                    .map(place -> place.port() == two ? detour : place).toList(), TestNode.FAST)) {
                TestCluster.await().until(() -> first.store.leadership().leading());
                first.replace(0, TestConfigs.numbered(0));
                links.delay("one", "two", FAR);
                try (ClusterNode second =
                        ClusterNode.join(root.resolve("node-2"), "lb-2", first.token(), first, false, two)) {
                    VotingGroup group = (VotingGroup) first.store.group();
                    TestCluster.await().until(() -> group.roll().learners().contains(second.id()));
                    TestCluster.await().pollInterval(Duration.ofMillis(1)).until(group::isBetweenMembers);
                    // The entry that makes it a voter is lost on its way: then only the first node can lead.
                    links.cut("one", "two");
                    links.reset();
                    TestCluster.await().until(() -> !first.store.leadership().leading());
                    links.heal();
                    TestCluster.await().until(() -> first.store.leadership().leading()
                            || second.store.leadership().leading());
                    TestCluster.await().until(() -> group.roll().voters().size() == 2);
                    first.replace(1, TestConfigs.numbered(1));
                    TestCluster.await().until(() -> second.store.current().revision().equals(new Revision(2)));
                    assertEquals(TestConfigs.numbered(1), second.store.current().config());
                }
            }
        }
    }
}
