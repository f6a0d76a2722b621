package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drained node gets nothing new: every node answers DNS without it, others probe and lead, and all say so. */
class DrainedNodeTest {
    private static final String NAME = "shop.lb.example.net";

    @TempDir
    Path dir;

    @Test
    void dnsChecksAndLeadershipLeaveADrainedNodeAndComeBack() throws Exception {
        try (TestBackend backend = TestBackend.start("a"); TestBackend other = TestBackend.start("b");
                RunningNode one = RunningNode.start(dir.resolve("one"));
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2")) {
            one.apply(site(backend, other));
            patiently().until(() -> two.cli("status", "-o", "name").exitCode() != 6);
            patiently().until(() -> roles(two).equals(List.of("leader", "voter")));
            List<RunningNode> nodes = List.of(one, two);
            for (RunningNode node : nodes) {
                patiently().until(() -> answers(node).contains("127.0.0.1") && answers(node).contains("127.0.0.2"));
                patiently().until(() -> probers(node).size() == 2);
            }

            CommandResult drained = two.cli("drain", "node/lb-1", "--wait", "--deadline", "1m", "--reason", "disk").ok();
            assertTrue(drained.out().contains("node/lb-1 is in admin state drain"), drained.out());
            for (RunningNode node : nodes) {
                patiently().until(() -> !answers(node).contains("127.0.0.1") && answers(node).contains("127.0.0.2"));
                patiently().until(() -> probers(node).equals(List.of("lb-2")));
                patiently().until(() -> state(node, "lb-1").equals("draining"));
                patiently().until(() -> Json.of(node.cli("status", "-o", "json").out()).text("leader").equals("lb-2"));
            }
            assertEquals("alive", state(one, "lb-2"));
            assertTrue(one.cli("status").out().contains("draining"));
            assertEquals(3, one.cli("drain", "node/lb-7").exitCode());

            one.cli("ready", "node/lb-1", "--wait").ok();
            for (RunningNode node : nodes) {
                patiently().until(() -> answers(node).contains("127.0.0.1"));
                patiently().until(() -> probers(node).size() == 2);
                patiently().until(() -> state(node, "lb-1").equals("alive"));
            }
        }
    }

    private static ConditionFactory patiently() {
        return await().pollInterval(Duration.ofMillis(50));
    }

    private static List<String> roles(RunningNode node) {
        return nodes(node).stream().map(member -> member.text("role")).sorted().toList();
    }

    private static String state(RunningNode node, String name) {
        return nodes(node).stream().filter(member -> member.text("name").equals(name)).map(member -> member.text("state"))
                .findAny().orElse("");
    }

    private static List<Json> nodes(RunningNode node) {
        return Json.of(node.cli("node", "ls", "-o", "json").out()).items("nodes");
    }

    private static List<String> probers(RunningNode node) {
        return node.cli("get", "assignments", "-o", "name").out().lines().map(line -> line.replace("nodes/", "")).toList();
    }

    private static String answers(RunningNode node) {
        return node.cli("dns", "ask", NAME, "-o", "json").out().replaceAll("(?s)\"candidates\".*", "");
    }

    private static String site(TestBackend... backends) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop: { domain: %s, listeners: [], routes: [ { forward: app } ] }
                pools:
                  app: { check: { http: { path: /health }, interval: 1s }, targets: [ "%s", "%s" ] }
                zones:
                  lb.example.net: { nameservers: [ lb-1, lb-2 ] }
                """.formatted(NAME, backends[0].address(), backends[1].address());
    }
}
