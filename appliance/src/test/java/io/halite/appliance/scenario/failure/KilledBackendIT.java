package io.halite.appliance.scenario.failure;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Client;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend dies under load: clients see nothing of it, and its health turns within fall × interval. */
class KilledBackendIT {
    @TempDir
    Path dir;

    @Test
    void aKilledBackendIsOutInTimeAndBackAfterwardsWithoutAClientError() throws Exception {
        try (TestBackend stays = TestBackend.start("stays");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            TestBackend dies = TestBackend.start("dies");
            int port = NodeProcess.freePort();
            node.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools:
                      app:
                        check: { http: { path: /health }, interval: 2s, timeout: 2s, fall: 3, rise: 2 }
                        panicThreshold: 10%%
                        targets: [ { name: stays, address: "%s" }, { name: dies, address: "%s" } ]
                    """.formatted(port, stays.address(), dies.address()));
            node.awaitHealthy("app");
            int deadPort = dies.port();
            Client load = Client.load(port, "/", 4);
            try (load) {
                await().until(() -> dies.requests() > 100);
                dies.close();
                // fall × interval, and slack for a loaded machine
                await().atMost(Duration.ofSeconds(6 + 10)).until(() -> node.health("app", "dies").equals("unhealthy"));
                try (TestBackend again = TestBackend.start("dies", deadPort)) {
                    await().until(() -> again.requests() > 100);
                    load.close();
                }
            }
            assertTrue(load.allSucceeded(), load.summary());
        }
    }

    @Test
    void aFailingCheckTakesATargetOutAndAPoolOutOfPanicAnswers503() throws Exception {
        try (TestBackend sick = TestBackend.start("sick");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools:
                      app:
                        check: { http: { path: /health }, interval: 2s, timeout: 2s, fall: 1, rise: 1 }
                        whenAllDown: none
                        targets: [ { name: sick, address: "%s" } ]
                    """.formatted(port, sick.address()));
            node.awaitHealthy("app");
            sick.answerHealthWith(500);
            await().until(() -> NodeProcess.status(port, "/") == 503);
            assertTrue(node.cli("describe", "target", "app/sick").ok().out().contains("Target.ResponseCodeMismatch"));
            sick.answerHealthWith(200);
            await().until(() -> NodeProcess.status(port, "/") == 200);
        }
    }
}
