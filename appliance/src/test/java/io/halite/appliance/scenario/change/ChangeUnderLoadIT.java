package io.halite.appliance.scenario.change;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Client;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Config changes while clients send requests without pause: not one request fails, and rollback is such a change too.
 */
class ChangeUnderLoadIT {
    private static final int CHANGES = 12;

    @TempDir
    Path dir;

    @Test
    void noRequestFailsWhileTheConfigChanges() throws Exception {
        try (TestBackend one = TestBackend.start("one");
                TestBackend two = TestBackend.start("two");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            int other = NodeProcess.freePort();
            node.apply(document(port, other, one, two, 0));
            node.awaitHealthy("app");
            Client load = Client.load(port, "/", 8);
            try (load) {
                for (int change = 1; change <= CHANGES; change++) {
                    node.apply(document(port, other, one, two, change));
                }
                node.cli("rollback", "1").ok();
                int sofar = load.succeeded();
                await().until(() -> load.succeeded() > sofar + 500);
            }
            assertTrue(load.allSucceeded(), load.summary());
            assertEquals(Integer.toString(CHANGES + 2), node.revision());
        }
    }

    /** Each change moves weights, swaps the algorithm, and opens or closes another listener. */
    private static String document(int port, int other, TestBackend one, TestBackend two, int change) {
        String extra = change % 2 == 0 ? "" : ", { name: extra, address: \"0.0.0.0:" + other + "\", protocol: http }";
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http }%s ]
                    routes:
                      - match: { path: /old* }
                        redirect: { to: /new%d, code: 308 }
                      - forward: app
                pools:
                  app:
                    algorithm: %s
                    targets:
                      - { name: one, address: "%s", weight: %d }
                      - { name: two, address: "%s" }
                """.formatted(port, extra, change, change % 3 == 0 ? "leastRequest" : "roundRobin",
                one.address(), 10 + change, two.address());
    }
}
