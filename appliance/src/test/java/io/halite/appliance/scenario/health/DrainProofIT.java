package io.halite.appliance.scenario.health;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code drain --wait} proves it for the whole cluster: a request under way on any node holds it up, a node that does not
 * answer holds it up, a new leader does not, and at the deadline it names what is left.
 */
@Tag("stories")
class DrainProofIT {

    @TempDir
    Path dir;

    @Test
    void aRequestOnAnotherNodeHoldsTheDrainUpAndAFailoverDoesNotLoseIt() throws Exception {
        int port = NodeProcess.freePort();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2");
                NodeProcess three = NodeProcess.join(one, dir.resolve("three"), "lb-3", "127.0.0.3");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            await().until(() -> two.status().items("nodes").stream()
                    .filter(node -> node.text("role").equals("voter")).count() == 2);
            one.cliWithInput(site(port, silent.getLocalPort()), "apply", "-f", "-", "--wait").ok();
            try (Socket client = request("127.0.0.3", port); Socket served = silent.accept()) {
                CommandResult late = two.cli("drain", "app/one", "--wait", "--deadline", "3s");
                assertEquals(9, late.exitCode(), late.toString());
                assertTrue(late.err().contains("app/one has 1 requests or connections under way on node lb-3"), late.err());
                assertFalse(late.err().contains("node lb-1"), late.err());
                assertFalse(late.err().contains("node lb-2"), late.err());
                String described = two.cli("describe", "target", "app/one").ok().out();
                assertTrue(described.contains("lb-3"), described);
                assertEquals("0", Json.of(two.cli("status", "-o", "json").out()).items("pools").getFirst()
                        .items("targets").getFirst().text("inFlight"), "of the node that answers");

                Future<CommandResult> waiting = threads.submit(
                        () -> two.cli("drain", "app/one", "--wait", "--deadline", "80s"));
                one.kill();
                await().until(() -> !two.status().text("leader").isEmpty()
                        && !two.status().text("leader").equals("lb-1"));
                await().until(() -> two.status().items("nodes").stream()
                        .anyMatch(node -> node.text("name").equals("lb-1") && node.text("state").equals("unreachable")));
                served.shutdownOutput();
                await().until(() -> idle(two, "lb-3"));
                CommandResult silentNode = two.cli("drain", "app/one", "--wait", "--deadline", "6s");
                assertEquals(9, silentNode.exitCode(), silentNode.toString());
                assertTrue(silentNode.err().contains("node lb-1 (unreachable)"), silentNode.err());
                assertFalse(waiting.isDone());

                one.restart();
                assertEquals(0, waiting.get().exitCode(), waiting.get().toString());
                assertTrue(waiting.get().out().contains("has nothing under way there"), waiting.get().out());
                assertTrue(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).contains(" 502 "));
            }
            for (NodeProcess node : new NodeProcess[] {one, two, three}) {
                assertEquals("drain", node.status().items("pools").getFirst().items("targets").getFirst()
                        .text("adminState"));
            }
        }
    }

    private static boolean idle(NodeProcess asked, String node) {
        return asked.cli("describe", "target", "app/one").out().lines()
                .anyMatch(line -> line.contains(node) && line.contains("idle"));
    }

    private static Socket request(String address, int port) throws IOException {
        Socket client = new Socket(address, port);
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static String site(int port, int target) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { forward: app } ]
                    timeouts: { responseHeader: 10m }
                pools:
                  app: { check: none, targets: [ { name: one, address: "127.0.0.1:%d" } ] }
                """.formatted(port, target);
    }
}
