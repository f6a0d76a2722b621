package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a leadership and what does not, with real processes: its process's end at once, a link never. */
@Tag("stories")
class FailoverTest {
    private static final Duration LONG = Duration.ofSeconds(15);

    @TempDir
    Path root;

    @Test
    void aLeaderWhoseProcessIsKilledIsReplacedLongBeforeItsSilenceWouldTell() throws Exception {
        try (FaultCluster cluster = FaultCluster.direct(3, root, LONG);
                FaultClients clients = FaultClients.start(cluster.nodes(), new Random(1))) {
            FaultCluster.Leading before = cluster.awaitLeader();
            cluster.node(before.leader()).kill();
            long killed = Ticker.SYSTEM.nanos();
            FaultCluster.Leading after = TestCluster.await()
                    .until(cluster::leading, leading -> leading.term() > before.term());
            assertNotEquals(before.leader(), after.leader());
            assertTrue(Ticker.SYSTEM.nanos() - killed < LONG.toNanos(), "the others waited for its silence");
            clients.awaitProgress();
            // The shorter time-out is gone: the next leader bears a follower that hears nothing for a while.
            cluster.node(before.leader()).start();
            clients.check();
        }
    }

    @Test
    void aLinkThatFlapsOrIsCutLeavesTheLeaderWhereItIs() throws Exception {
        // Longer than any stall of a busy machine: who leads must be decided by the links alone.
        Duration timeout = Duration.ofSeconds(6);
        try (FaultCluster cluster = FaultCluster.wired(3, root, timeout);
                FaultClients clients = FaultClients.start(cluster.nodes(), new Random(2))) {
            FaultCluster.Leading leading = cluster.awaitLeader();
            List<String> followers = cluster.nodes().stream().map(node -> node.id)
                    .filter(id -> !id.equals(leading.leader())).toList();
            for (int i = 0; i < 20; i++) {
                cluster.links().reset();
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
            clients.awaitProgress();
            cluster.links().cut(leading.leader(), followers.getFirst());
            cluster.links().cut(followers.getFirst(), leading.leader());
            // Followers stand for election after one and a half at the latest.
            LockSupport.parkNanos(timeout.multipliedBy(2).toNanos());
            clients.awaitProgress();
            cluster.links().heal();
            clients.awaitProgress();
            // One follower's way to the leader, as by a rule of a firewall that refuses: its word alone is not enough.
            cluster.links().refuse(followers.getFirst(), leading.leader());
            cluster.links().cut(leading.leader(), followers.getFirst());
            // An early election comes after three tenths of it.
            LockSupport.parkNanos(timeout.dividedBy(2).toNanos());
            clients.awaitProgress();
            cluster.links().heal();
            cluster.links().started(leading.leader());
            clients.awaitProgress();
            assertEquals(leading, cluster.leading(), "the leader and its term");
            clients.check();
        }
    }
}
