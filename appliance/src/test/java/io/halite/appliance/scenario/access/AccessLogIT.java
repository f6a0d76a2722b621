package io.halite.appliance.scenario.access;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.NodeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a node logs the requests it served. */
class AccessLogIT {
    @TempDir
    Path dir;

    private static void serve(NodeProcess node, int port) {
        node.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { match: { path: /hello }, respond: { body: hi } } ]
                """.formatted(port)).ok();
        await().until(() -> NodeProcess.status(port, "/hello") == 200);
        assertEquals(404, NodeProcess.status(port, "/elsewhere"));
    }

    @Test
    void requestsAreLoggedInTheDataDirectory() throws Exception {
        int port = NodeProcess.freePort();
        Path log = dir.resolve("node/access.log");
        try (NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            serve(node, port);
            await().until(() -> Files.exists(log) && Files.readString(log).contains("\"path\":\"/elsewhere\""));
            assertEquals(0, node.terminate());
        }
        List<String> lines = Files.readAllLines(log);
        assertTrue(lines.getFirst().startsWith("{\"time\":\""), lines.getFirst());
        assertTrue(lines.stream().anyMatch(line -> line.contains("\"route\":\"shop/r1\"")
                && line.contains("\"status\":200")), lines.toString());
        // Each relay loop has a ring of its own, so lines of different connections are not in order.
        assertTrue(lines.stream().anyMatch(line -> line.contains("\"reason\":\"NO_ROUTE\"")), lines.toString());
    }

    @Test
    void theLogCanGoElsewhereOrNowhere() throws Exception {
        int port = NodeProcess.freePort();
        Path log = dir.resolve("logs/requests");
        try (NodeProcess node = NodeProcess.start(dir.resolve("node"), "--access-log", log.toString())) {
            serve(node, port);
            await().until(() -> Files.exists(log) && Files.readString(log).contains("/elsewhere"));
        }
        assertFalse(Files.exists(dir.resolve("node/access.log")));
        try (NodeProcess node = NodeProcess.start(dir.resolve("silent"), "--access-log", "off")) {
            serve(node, NodeProcess.freePort());
        }
        assertFalse(Files.exists(dir.resolve("silent/access.log")));
    }
}
