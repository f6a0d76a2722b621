package io.halite.appliance.scenario.health;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import io.halite.config.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target sees the probes of one node, however many there are, and all of them act on the same verdict. */
@Tag("stories")
class DividedChecksIT {
    private static final System.Logger LOGGER = System.getLogger(DividedChecksIT.class.getName());
    private static final Duration WINDOW = Duration.ofSeconds(10);

    @TempDir
    Path dir;

    @Test
    void threeNodesProbeLikeOneAndADeadProberIsReplaced() throws Exception {
        try (TestBackend backend = TestBackend.start("a");
                NodeProcess one = NodeProcess.start(dir.resolve("one"))) {
            one.apply(site(backend));
            one.awaitHealthy("app");
            await().until(() -> holders(one).equals("[lb-1]"));
            assertEquals("nodes/lb-1\n", one.cli("get", "assignments", "-o", "name").ok().out());
            double alone = probesPerSecond(backend);

            try (NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2");
                    NodeProcess three = NodeProcess.join(one, dir.resolve("three"), "lb-3", "127.0.0.3")) {
                List<NodeProcess> nodes = List.of(one, two, three);
                String prober = awaitOneProber(nodes, "healthy");
                double together = probesPerSecond(backend);
                LOGGER.log(System.Logger.Level.INFO, "probes per second nodes=1: " + alone + " nodes=3: " + together);
                // Undivided it would be three times as much.
                assertEquals(1, alone, 0.6);
                assertEquals(1, together, 0.6);

                backend.answerHealthWith(500);
                assertEquals(prober, awaitOneProber(nodes, "unhealthy"));
                backend.answerHealthWith(200);
                assertEquals(prober, awaitOneProber(nodes, "healthy"));
                for (NodeProcess node : nodes) {
                    assertEquals(0, node.cli("status").exitCode(), node.cli("status").toString());
                }
                killed(backend, nodes, prober);
            }
        }
    }

    private static void killed(TestBackend backend, List<NodeProcess> nodes, String prober) throws IOException {
        NodeProcess dead = nodes.get(Integer.parseInt(prober.substring("lb-".length())) - 1);
        List<NodeProcess> left = nodes.stream().filter(node -> node != dead).toList();
        dead.kill();
        int before = backend.probes();
        long begun = Ticker.SYSTEM.nanos();
        await().pollInterval(Duration.ofMillis(20)).until(() -> backend.probes() > before);
        LOGGER.log(System.Logger.Level.INFO, "the prober was killed, the target was probed again after ms="
                + (Ticker.SYSTEM.nanos() - begun) / 1_000_000);
        String next = awaitOneProber(left, "healthy", prober);
        assertTrue(!next.equals(prober), next);
        backend.answerHealthWith(500);
        assertEquals(next, awaitOneProber(left, "unhealthy"));

        left.getFirst().kill();
        NodeProcess last = left.getLast();
        await().until(() -> last.degraded().contains("probes every target itself"));
        backend.answerHealthWith(200);
        assertEquals("lb-" + (nodes.indexOf(last) + 1), awaitOneProber(List.of(last), "healthy"));
        back(backend, nodes, last, dead, left.getFirst());
    }

    /** Two of three were killed; when they are back, checks are divided again and nothing has flapped. */
    private static void back(TestBackend backend, List<NodeProcess> nodes, NodeProcess last, NodeProcess... returning)
            throws IOException {
        int changes = transitions(last);
        for (NodeProcess node : returning) {
            node.restart();
        }
        awaitOneProber(nodes, "healthy");
        nodes.forEach(NodeProcess::awaitSound);
        assertEquals(1, probesPerSecond(backend), 0.6);
        assertEquals(changes, transitions(last), "it flapped");
        for (NodeProcess node : returning) {
            assertEquals(1, transitions(node), "a node that starts learns that the target is healthy, and no more");
        }
    }

    private static int transitions(NodeProcess node) {
        return node.get("/pools/app/targets/" + target(node).text("name")).items("transitions").size();
    }

    private static String awaitOneProber(List<NodeProcess> nodes, String health) {
        return awaitOneProber(nodes, health, "");
    }

    /** Waits until all nodes say the same of the target, of its prober, and of who has it; answers the prober. */
    private static String awaitOneProber(List<NodeProcess> nodes, String health, String except) {
        AtomicReference<String> last = new AtomicReference<>("");
        try {
            await().until(() -> {
                List<String> said = nodes.stream().map(DividedChecksIT::target)
                        .map(target -> target.text("health") + " " + target.text("prober")).distinct().toList();
                List<String> held = nodes.stream().map(DividedChecksIT::holders).distinct().toList();
                last.set(said + " " + held);
                String prober = prober(nodes.getFirst());
                return said.equals(List.of(health + " " + prober)) && !prober.isEmpty() && !prober.equals(except)
                        && held.equals(List.of("[" + prober + "]"));
            });
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("wanted " + health + " and not by '" + except + "', but it is " + last, late);
        }
        return prober(nodes.getFirst());
    }

    private static String holders(NodeProcess node) {
        return node.get("/assignments").items("assignments").stream().map(share -> share.text("node")).toList().toString();
    }

    private static String prober(NodeProcess node) {
        return target(node).text("prober");
    }

    private static Json target(NodeProcess node) {
        return node.status().items("pools").getFirst().items("targets").getFirst();
    }

    private static double probesPerSecond(TestBackend backend) {
        int before = backend.probes();
        long begun = Ticker.SYSTEM.nanos();
        await().pollDelay(WINDOW).until(() -> true);
        return (backend.probes() - before) * 1e9 / (Ticker.SYSTEM.nanos() - begun);
    }

    private static String site(TestBackend backend) {
        return """
                apiVersion: halite/v1
                pools:
                  app:
                    check: { http: { path: /health }, interval: 1s, timeout: 1s, fall: 2, rise: 2 }
                    targets: [ "%s" ]
                """.formatted(backend.address());
    }
}
