package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool does when its targets fail is its own choice, as clients see it. */
class HealthChoicesTest {
    private static final int REQUESTS = 40;

    @TempDir
    Path dir;

    @Test
    void whoGetsRequestsWhenTooFewAreHealthyIsThePoolsChoice() throws Exception {
        int port = NodeProcess.freePort();
        try (TestBackend a = TestBackend.start("a"); TestBackend b = TestBackend.start("b");
                RunningNode node = RunningNode.start(dir.resolve("node"))) {
            node.apply(site(port, a, b));
            awaitHealth(node, "healthy", "healthy");
            for (String pool : List.of("all", "last", "none")) {
                awaitServed(port, pool, Set.of("a", "b"));
            }
            a.answerHealthWith(500);
            awaitHealth(node, "unhealthy", "healthy");
            for (String pool : List.of("all", "last", "none")) {
                awaitServed(port, pool, Set.of("b"));
            }
            b.answerHealthWith(500);
            awaitHealth(node, "unhealthy", "unhealthy");
            awaitServed(port, "all", Set.of("a", "b"));
            // The one that was good when last enough were.
            awaitServed(port, "last", Set.of("b"));
            await().until(() -> NodeProcess.status(port, "/none") == 503);
            a.answerHealthWith(200);
            awaitHealth(node, "healthy", "unhealthy");
            for (String pool : List.of("all", "last", "none")) {
                awaitServed(port, pool, Set.of("a"));
            }
        }
    }

    @Test
    void aRecoveredTargetStartsSlowly() throws Exception {
        int port = NodeProcess.freePort();
        try (TestBackend a = TestBackend.start("a"); TestBackend b = TestBackend.start("b");
                RunningNode node = RunningNode.start(dir.resolve("node"))) {
            node.apply(site(port, a, b));
            awaitHealth(node, "healthy", "healthy");
            assertEquals(REQUESTS / 2.0, (double) answers(port, "slow").stream().filter("a"::equals).count(), 2,
                    "nothing starts slowly when the node itself starts");
            a.answerHealthWith(500);
            awaitHealth(node, "unhealthy", "healthy");
            a.answerHealthWith(200);
            awaitHealth(node, "healthy", "healthy");
            long share = answers(port, "slow").stream().filter("a"::equals).count();
            assertTrue(share > 0 && share < REQUESTS / 3, share + " of " + REQUESTS);
        }
    }

    private static void awaitHealth(RunningNode node, String a, String b) {
        await().until(() -> {
            List<Json> pools = Json.of(node.client().get("/status").text()).items("pools");
            return pools.stream().allMatch(pool -> pool.items("targets").stream().map(target -> target.text("health"))
                    .toList().equals(List.of(a, b)));
        });
    }

    /** The data plane takes a verdict up a moment after it is known. */
    private static void awaitServed(int port, String pool, Set<String> targets) {
        await().until(() -> new TreeSet<>(answers(port, pool)).equals(targets));
    }

    /** Who answered each of some requests. */
    private static List<String> answers(int port, String pool) {
        List<String> urls = new ArrayList<>(List.of("--fail"));
        for (int i = 0; i < REQUESTS; i++) {
            urls.add("http://127.0.0.1:" + port + "/" + pool);
        }
        return NodeProcess.curl(urls.toArray(String[]::new)).out().lines()
                .filter(line -> line.equals("a") || line.equals("b")).toList();
    }

    private static String site(int port, TestBackend a, TestBackend b) {
        StringBuilder pools = new StringBuilder();
        for (String settings : List.of("all: { whenAllDown: all", "last: { whenAllDown: lastKnown",
                "none: { whenAllDown: none", "slow: { slowStart: 10m")) {
            pools.append("  %s, %s, targets: [ { name: a, address: \"%s\" }, { name: b, address: \"%s\" } ] }\n".formatted(
                    settings, "check: { http: { path: /health }, interval: 2s, timeout: 2s, rise: 1, fall: 1 }",
                    a.address(), b.address()));
        }
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes:
                      - { match: { path: /all }, forward: all }
                      - { match: { path: /last }, forward: last }
                      - { match: { path: /none }, forward: none }
                      - { match: { path: /slow }, forward: slow }
                pools:
                """.formatted(port) + pools;
    }
}
