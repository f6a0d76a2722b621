package io.halite.appliance.scenario.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real nodes on 127.0.0.1 to .3: joining, writing anywhere, and losing nodes. */
class ClusterIT {
    @TempDir
    Path dir;

    @Test
    void anyNodeTakesWritesAndAnyNodeMayDie() throws Exception {
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2");
                NodeProcess three = NodeProcess.join(one, dir.resolve("three"), "lb-3", "127.0.0.3")) {
            await().until(() -> roles(two).equals("leader voter voter"));
            int port = NodeProcess.freePort();

            CommandResult applied = three.cliWithInput(site(port, "first"), "apply", "-f", "-", "--wait").ok();
            assertTrue(applied.out().contains("active on 3 of 3 nodes"), applied.out());
            assertEquals("first", body("127.0.0.1", port));
            assertEquals("first", body("127.0.0.2", port));
            assertEquals("first", body("127.0.0.3", port));

            one.kill();
            await().until(() ->
                    two.cliWithInput(site(port, "second"), "apply", "-f", "-").exitCode() == 0);
            await().until(() -> body("127.0.0.3", port).equals("second"));
            await().until(() -> three.degraded().contains("lb-1"));
            CommandResult degraded = three.cli("status");
            assertEquals(8, degraded.exitCode(), degraded.toString());
            assertTrue(degraded.out().contains("lb-1"), degraded.out());

            one.restart();
            await().until(() -> body("127.0.0.1", port).equals("second"));
            three.awaitSound();
        }
    }

    @Test
    void withoutAQuorumTrafficGoesOnAndWritesSayWhyNot() throws Exception {
        int port = NodeProcess.freePort();
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2")) {
            await().until(() -> roles(one).equals("leader voter"));
            one.cliWithInput(site(port, "kept"), "apply", "-f", "-", "--wait").ok();

            one.kill();
            CommandResult refused = two.cliWithInput(site(port, "lost"), "apply", "-f", "-");
            assertEquals(7, refused.exitCode(), refused.toString());
            assertTrue(refused.err().contains("cluster recover"), refused.err());
            two.kill();
            two.restart();
            assertEquals("kept", body("127.0.0.2", port));
            assertEquals(8, two.cli("status").exitCode());

            one.restart();
            await().until(() ->
                    two.cliWithInput(site(port, "back"), "apply", "-f", "-").exitCode() == 0);
        }
    }

    @Test
    void aWrongTokenIsRefusedAndARemovedNodeSaysSo() throws Exception {
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess other = NodeProcess.startAs("lb-9", "127.0.0.9", dir.resolve("other"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2")) {
            String foreign = other.cli("token", "create").ok().out().lines().reduce((a, b) -> b).orElseThrow();
            CommandResult refused = CommandResult.run(java.util.List.of(NodeProcess.launcher(), "run", "--data",
                    dir.resolve("x").toString(), "--name", "lb-3", "--bind", "127.0.0.3", "--admin-port", "0",
                    "--cluster-port", "0", "--join", one.url().substring("https://".length()), "--token", foreign), "",
                    java.util.Map.of());
            assertEquals(6, refused.exitCode(), refused.toString());
            assertTrue(refused.err().contains("token"), refused.err());

            await().until(() -> roles(one).equals("leader voter"));
            one.cli("node", "remove", "lb-2", "--reason", "test").ok();
            await().pollInterval(Duration.ofSeconds(1)).until(() -> two.cli("status").out().contains("removed"));
            await().until(() -> roles(one).equals("leader"));
        }
    }

    private static String roles(NodeProcess node) {
        return String.join(" ", node.status().items("nodes").stream().map(n -> n.text("role")).sorted().toList());
    }

    private static String body(String address, int port) {
        return NodeProcess.curl("http://" + address + ":" + port + "/").out();
    }

    private static String site(int port, String text) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { respond: { status: 200, body: "%s", contentType: text/plain } } ]
                """.formatted(port, text);
    }
}
