package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.NodeProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code drain --wait} returns when the drain has taken its effect, and not before. */
class DrainWaitTest {
    @TempDir
    Path dir;

    @Test
    void itWaitsForWhatIsUnderWay() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningNode node = RunningNode.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply(site(port, silent.getLocalPort()));
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                await().until(() -> inFlight(node).equals("1"));
                Socket served = silent.accept();

                CommandResult late = node.cli("drain", "app/one", "--wait", "--deadline", "1s");
                assertEquals(9, late.exitCode(), late.toString());
                assertTrue(late.err().contains("app/one has 1 requests or connections under way on node lb-1"), late.err());
                CommandResult state = node.cli("ready", "app/one", "--wait").ok();
                assertTrue(state.out().contains("every node works by it"), state.out());
                assertEquals(9, node.cli("maint", "app/one", "--wait", "--deadline", "1s").exitCode());
                served.close();
            }
            CommandResult drained = node.cli("drain", "app/one", "--wait", "--deadline", "1m").ok();
            assertTrue(drained.out().contains("every node works by it and has nothing under way there"), drained.out());
            assertEquals("0", inFlight(node));
            assertEquals(2, node.cli("drain", "app/one", "--wait", "--deadline", "soon").exitCode());
        }
    }

    @Test
    void itWaitsForEveryNode() throws Exception {
        try (RunningNode one = RunningNode.start(dir.resolve("one"));
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2")) {
            one.apply(site(NodeProcess.freePort(), 9));
            // A joiner gets its own token a moment after it is up.
            await().until(() -> two.cli("status", "-o", "name").exitCode() != 6);
            two.cli("drain", "app/one", "--wait", "--deadline", "1m").ok();
            for (RunningNode node : new RunningNode[] {one, two}) {
                await().until(() -> Json.of(node.cli("node", "ls", "-o", "json").out())
                        .items("nodes").stream().filter(n -> n.text("activeAdminVersion").equals("1")).count() == 2);
            }
        }
    }

    private static String inFlight(RunningNode node) {
        return Json.of(node.client().get("/pools/app/targets/one").text()).text("inFlight");
    }

    private static String site(int port, int target) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { forward: app } ]
                pools:
                  app: { check: none, targets: [ { name: one, address: "127.0.0.1:%d" } ] }
                """.formatted(port, target);
    }
}
