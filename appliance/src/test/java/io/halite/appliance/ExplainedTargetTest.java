package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a target has its health can be asked: by whom it was seen, when, and on what evidence. */
class ExplainedTargetTest {
    @TempDir
    Path dir;

    @Test
    void aTargetThatFailsIsExplained() throws Exception {
        try (TestBackend backend = TestBackend.start("a"); RunningNode node = RunningNode.start(dir.resolve("node"))) {
            node.apply("""
                    apiVersion: halite/v1
                    pools:
                      app:
                        check: { http: { path: /health }, interval: 1s, fall: 2 }
                        targets: [ { name: one, address: "%s" } ]
                    """.formatted(backend.address()));
            awaitHealth(node, "healthy");
            backend.answerHealthWith(503);
            awaitHealth(node, "unhealthy");

            String told = node.cli("describe", "target", "app/one").ok().out();
            assertLine(told, "health +unhealthy since 20.*");
            assertLine(told, "reason +Target.ResponseCodeMismatch");
            assertLine(told, "The health check fails: answered 503 where 200-399 is expected\\.");
            assertLine(told, "check +http \\(GET /health, expecting 200-399\\), every 1s, at most 1s; "
                    + "unhealthy after 2 failures in a row, healthy after 2 successes");
            assertLine(told, "probed by +lb-1 \\(lease until 20.*\\)");
            assertLine(told, "TIME +FROM +TO +SEEN FROM +TOOK +REASON +MESSAGE");
            assertLine(told, "20.* healthy +unhealthy +lb-1 +[0-9]+ms +Target.ResponseCodeMismatch "
                    + "+The health check fails.*");

            Json target = Json.of(node.client().get("/pools/app/targets/one").text());
            assertEquals(List.of("unhealthy", "healthy"),
                    target.items("transitions").stream().map(change -> change.text("to")).toList());
            CommandResult now = node.cli("check", "app/one");
            assertEquals(1, now.exitCode());
            assertLine(now.out(), "app/one failed in [0-9]+ms, probed by lb-1");
            assertLine(now.out(), "Target.ResponseCodeMismatch: answered 503 where 200-399 is expected");

            backend.answerHealthWith(200);
            awaitHealth(node, "healthy");
            assertLine(node.cli("check", "app/one").ok().out(), "answered 200");
            node.cli("maint", "app/one", "--wait", "--reason", "new disk").ok();
            awaitHealth(node, "unknown");
            String maint = node.cli("describe", "target", "app/one").ok().out();
            assertLine(maint, "reason +Target.Maintenance");
            assertLine(maint, "admin state +maint, set by .* at 20.*: new disk");
            assertLine(maint, "lb-1 +alive +1 +idle");
            assertLine(maint, "20.* healthy +unknown +.* Target.Maintenance +In maintenance.*");
            assertLine(maint, "20.* unhealthy +healthy +lb-1 .*");
        }
    }

    /** A target that traffic took out although its checks pass. */
    @Test
    void anEjectedTargetIsExplained() throws Exception {
        try (TestBackend good = TestBackend.start("good"); RunningNode node = RunningNode.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:%d", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools:
                      app:
                        check: none
                        ejection: { consecutive: 2, base: 10m, maxPercent: 50%%, max: 10m }
                        targets: [ { name: one, address: "%s" }, { name: two, address: "127.0.0.1:%d" } ]
                    """.formatted(port, good.address(), NodeProcess.freePort()));
            assertLine(node.cli("describe", "target", "app/two").ok().out(), "balancing +eligible on lb-1");
            await().until(() -> {
                MetricsTest.get(port);
                return node.cli("describe", "target", "app/two").ok().out().contains("ejected");
            });

            assertLine(node.cli("describe", "target", "app/two").ok().out(),
                    "balancing +ejected for another [0-9]+ms on lb-1");
            Json told = Json.of(node.client().get("/pools/app/targets/two").text()).object("balancing");
            assertEquals("true", told.text("ejected"));
            assertEquals("eligible", told.text("standing"));
            assertLine(node.cli("describe", "target", "app/one").ok().out(), "balancing +eligible on lb-1");
            assertTrue(node.cli("trace", "http://127.0.0.1:" + port + "/").ok().out()
                    .contains("ejected by its failures for"));
        }
    }

    private static void awaitHealth(RunningNode node, String health) {
        await().until(() -> Json.of(
                node.client().get("/pools/app/targets/one").text()).text("health").equals(health));
    }

    private static void assertLine(String text, String pattern) {
        assertTrue(text.lines().anyMatch(line -> line.strip().matches(pattern)), pattern + "\n" + text);
    }
}
