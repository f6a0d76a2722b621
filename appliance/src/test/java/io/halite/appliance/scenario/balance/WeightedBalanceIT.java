package io.halite.appliance.scenario.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Client;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests arrive at the targets of a pool, and at the pools of a route, in the shares that the weights say. */
class WeightedBalanceIT {
    private static final int REQUESTS = 2_000;

    @TempDir
    Path dir;

    @Test
    void targetsGetTheirShareWithinOnePercent() throws Exception {
        try (TestBackend heavy = TestBackend.start("heavy");
                TestBackend light = TestBackend.start("light");
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
                        targets:
                          - { address: "%s", weight: 75 }
                          - { address: "%s", weight: 25 }
                    """.formatted(port, heavy.address(), light.address()));
            node.awaitHealthy("app");
            int heavyBefore = heavy.requests();

            assertEquals(REQUESTS, Client.get(port, "/", REQUESTS, 8).succeeded());

            double share = (heavy.requests() - heavyBefore) / (double) REQUESTS;
            assertTrue(Math.abs(share - 0.75) <= 0.01, "share of the heavy target: " + share);
        }
    }

    @Test
    void poolsOfARouteGetTheirShareWithinOnePercent() throws Exception {
        try (TestBackend stable = TestBackend.start("stable");
                TestBackend canary = TestBackend.start("canary");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                        routes:
                          - forward: [ { pool: stable, weight: 90 }, { pool: canary, weight: 10 } ]
                    pools:
                      stable: { algorithm: leastRequest, targets: ["%s"] }
                      canary: { targets: ["%s"] }
                    """.formatted(port, stable.address(), canary.address()));
            node.awaitHealthy("stable");
            node.awaitHealthy("canary");

            assertEquals(REQUESTS, Client.get(port, "/", REQUESTS, 8).succeeded());

            double share = canary.requests() / (double) REQUESTS;
            assertTrue(Math.abs(share - 0.10) <= 0.01, "share of the canary: " + share);
        }
    }
}
