package io.halite.appliance.scenario.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The node that founded a cluster loses its disk, and its supervisor starts it as ever, without {@code --join}: it cannot
 * know what it was and becomes a cluster of its own. Neither side is quiet about it, and what they say to do works.
 */
@Tag("stories")
class LostDataIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    @Test
    void aNodeThatLostItsDataIsMissedAloudAndComesBack() throws Exception {
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2");
                NodeProcess three = NodeProcess.join(one, dir.resolve("three"), "lb-3", "127.0.0.3")) {
            await().atMost(LIMIT).until(() -> roles(two).equals("leader voter voter"));
            one.apply("apiVersion: halite/v1\npools: { app: { check: none, targets: [ \"127.0.0.1:9\" ] } }\n");
            one.kill();
            delete(one.data());
            one.restart();

            await().atMost(LIMIT).until(() -> one.degraded().contains("another cluster looks for its node"));
            assertTrue(one.degraded().contains("start it with --join"), one.degraded());
            assertEquals("0", one.revision());
            await().atMost(LIMIT).until(() -> two.degraded().contains("answers a node of another cluster"));
            assertTrue(two.degraded().contains("halite node remove lb-1"), two.degraded());
            assertEquals("1", two.revision());

            await().atMost(LIMIT).until(() -> two.cli("node", "remove", "lb-1").exitCode() == 0);
            one.terminate();
            try (NodeProcess again = NodeProcess.join(three, dir.resolve("again"), "lb-1", "127.0.0.1")) {
                await().atMost(LIMIT).until(() -> roles(again).equals("leader voter voter")
                        && again.revision().equals("1"));
                two.awaitSound();
            }
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static String roles(NodeProcess node) {
        return String.join(" ", node.status().items("nodes").stream().map(n -> n.text("role")).sorted().toList());
    }
}
