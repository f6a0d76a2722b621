package io.halite.appliance.scenario.health;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With {@code checkers: 2} one node's broken way to a target takes it out for that node's traffic alone; what two
 * vantage points see holds for the whole cluster. Each node reaches the targets by an address of its own, which the test
 * can cut.
 */
@Tag("stories")
class VantageIT {

    @TempDir
    Path dir;

    @Test
    void oneBrokenWayIsAVetoAndTwoAreAVerdict() throws Exception {
        int port = NodeProcess.freePort();
        try (WayToTarget a = WayToTarget.open("a", 3); WayToTarget b = WayToTarget.open("b", 3);
                NodeProcess one = NodeProcess.start(dir.resolve("one"), ways(1));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2", ways(2));
                NodeProcess three = NodeProcess.join(one, dir.resolve("three"), "lb-3", "127.0.0.3", ways(3))) {
            List<NodeProcess> nodes = List.of(one, two, three);
            one.apply(site(port, a, b));
            await().until(() -> nodes.stream().allMatch(node -> vantages(node).size() == 2));
            await().until(() -> nodes.stream().allMatch(node -> isHealthy(node, "a") && isHealthy(node, "b")));

            List<Integer> probing = List.copyOf(vantages(one));
            int cut = probing.getFirst();
            NodeProcess blinded = nodes.get(cut - 1);
            List<NodeProcess> others = nodes.stream().filter(node -> node != blinded).toList();
            a.cut(cut);
            await().until(() -> target(blinded).text("health").equals("unhealthy"));
            String message = target(blinded).text("message");
            assertTrue(message.startsWith("Seen from this node alone it fails"), message);
            assertEquals(Set.of("b"), served(cut, port));
            for (NodeProcess other : others) {
                assertEquals("healthy", target(other).text("health"));
                assertEquals(1, transitions(other), "one node's network took a target out for others");
                assertEquals(Set.of("a", "b"), served(nodes.indexOf(other) + 1, port),
                        () -> "to that node b is " + other.get("/pools/app/targets/b"));
            }
            await().until(() -> others.stream().allMatch(
                    node -> target(node).text("message").contains("lb-" + cut + " sees it fail")));

            a.cut(probing.getLast());
            awaitHealth(nodes, "unhealthy");
            for (int node = 1; node <= nodes.size(); node++) {
                assertEquals(Set.of("b"), served(node, port));
            }

            a.heal(cut);
            a.heal(probing.getLast());
            awaitHealth(nodes, "healthy");
            await().until(() -> served(cut, port).equals(Set.of("a", "b")));
        }
    }

    /** By which addresses a node knows the names of the targets. */
    private Map<String, String> ways(int node) throws IOException {
        Path hosts = Files.writeString(dir.resolve("hosts-" + node), "127.0.0.1 localhost\n"
                + WayToTarget.address(node) + " a.test\n" + WayToTarget.address(node) + " b.test\n");
        return Map.of("HALITE_JAVA_OPTS", NodeProcess.JAVA_OPTIONS + " -Djdk.net.hosts.file=" + hosts);
    }

    private static void awaitHealth(List<NodeProcess> nodes, String health) {
        await().until(() -> nodes.stream().allMatch(node -> target(node).text("health").equals(health)));
    }

    private static boolean isHealthy(NodeProcess node, String target) {
        return node.get("/pools/app/targets/" + target).text("health").equals("healthy");
    }

    private static Json target(NodeProcess node) {
        return node.get("/pools/app/targets/a");
    }

    private static int transitions(NodeProcess node) {
        return target(node).items("transitions").size();
    }

    /** The numbers of the nodes that probe the target. */
    private static Set<Integer> vantages(NodeProcess node) {
        Set<Integer> probing = new TreeSet<>();
        node.get("/assignments").items("assignments").stream().filter(share -> share.texts("targets").contains("app/a"))
                .forEach(share -> probing.add(Integer.parseInt(share.text("node").substring("lb-".length()))));
        return probing;
    }

    /** Which targets answered requests that came in by this node. */
    private static Set<String> served(int node, int port) {
        Set<String> names = new TreeSet<>();
        List<String> urls = new ArrayList<>(List.of("--fail"));
        for (int i = 0; i < 20; i++) {
            urls.add("http://127.0.0." + node + ":" + port + "/");
        }
        NodeProcess.curl(urls.toArray(String[]::new)).ok().out().lines().forEach(names::add);
        return names;
    }

    private static String site(int port, WayToTarget a, WayToTarget b) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { forward: app } ]
                pools:
                  app:
                    check: { http: { path: /health }, interval: 2s, timeout: 2s, fall: 2, rise: 2 }
                    checkers: 2
                    panicThreshold: 0%%
                    targets: [ { name: a, address: "a.test:%d" }, { name: b, address: "b.test:%d" } ]
                """.formatted(port, a.port(), b.port());
    }
}
