package io.halite.appliance.scenario.lifecycle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.Site;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node remembers: config, history and admin states come back after a stop, a kill -9 and many of them. */
class RestartIT {
    @TempDir
    Path dir;

    @Test
    void configHistoryAndAdminStatesSurviveAKill() throws Exception {
        try (TestBackend one = TestBackend.start("one");
                TestBackend two = TestBackend.start("two");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply(Site.document(port, one, two));
            node.cli("drain", "app/" + target(one), "--reason", "maintenance of one").ok();
            String history = node.cli("history", "-o", "json").ok().out();

            node.kill();
            node.restart();

            assertEquals("1", node.revision());
            assertEquals(history, node.cli("history", "-o", "json").ok().out());
            assertTrue(node.cli("describe", "target", "app/" + target(one)).ok().out().contains("maintenance of one"));
            await().until(() -> NodeProcess.status(port, "/") == 200);
            int drained = one.requests();
            for (int i = 0; i < 10; i++) {
                assertEquals(200, NodeProcess.status(port, "/"));
            }
            assertEquals(drained, one.requests(), "a draining target gets no new request");
        }
    }

    @Test
    void aStoppedNodeEndsWithZeroAfterItsRequests() throws Exception {
        try (TestBackend one = TestBackend.start("one");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply(Site.document(port, one));
            Thread slow = Thread.startVirtualThread(() -> NodeProcess.status(port, "/slow"));
            await().until(() -> one.requests() > 0);
            assertEquals(0, node.terminate());
            slow.join();
            assertEquals(1, one.requests());
        }
    }

    /** Each round applies revisions through the command line and kills the node somewhere in between. */
    @Test
    @Tag("long")
    void noAcknowledgedRevisionIsLostInManyKills() throws Exception {
        long seed = Long.getLong("halite.seed", System.identityHashCode(this));
        int rounds = Integer.getInteger("halite.long.rounds", 10);
        SplittableRandom random = new SplittableRandom(seed);
        try (TestBackend one = TestBackend.start("one");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            int acknowledged = 0;
            for (int round = 0; round < rounds; round++) {
                int changes = random.nextInt(1, 4);
                for (int i = 0; i < changes; i++) {
                    String settings = "timeouts: { connect: " + (acknowledged + 1) + "ms }";
                    CommandResult result = node.cliWithInput(Site.document(port, settings, one), "apply", "-f", "-");
                    assertEquals(0, result.exitCode(), result.err());
                    acknowledged++;
                }
                node.kill();
                node.restart();
                assertEquals(Integer.toString(acknowledged), node.revision(), "seed " + seed);
                assertTrue(node.cli("export").ok().out().contains("connect: " + acknowledged + "ms"), "seed " + seed);
            }
        }
    }

    private static String target(TestBackend backend) {
        return "127-0-0-1-" + backend.port();
    }
}
