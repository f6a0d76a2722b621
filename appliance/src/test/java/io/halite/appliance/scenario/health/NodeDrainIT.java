package io.halite.appliance.scenario.health;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestBackend;
import io.halite.config.Ticker;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of a drained node: DNS sends no new ones, those who are there are served, and once the answers that name the node
 * have run out they are asked to leave, by {@code Connection: close} or GOAWAY. Clients of other nodes are not.
 */
@Tag("stories")
class NodeDrainIT {
    private static final Duration TTL = Duration.ofSeconds(6);

    @TempDir
    Path dir;

    @Test
    void clientsOfADrainedNodeAreAskedToLeaveWhenDnsAnswersHaveRunOut() throws Exception {
        int port = NodeProcess.freePort();
        try (TestBackend backend = TestBackend.start("a");
                NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2")) {
            one.apply(site(port, backend));
            two.awaitHealthy("app");
            patiently(() -> answers(one).equals(List.of("127.0.0.1", "127.0.0.2")));
            try (Http1Client stays = new Http1Client("127.0.0.1", port);
                    Http1Client leaves = new Http1Client("127.0.0.2", port);
                    Socket http2 = new Socket(address("127.0.0.2"), port)) {
                assertEquals("keep", stays.ask());
                assertEquals("keep", leaves.ask());
                CompletableFuture<Boolean> goAway =
                        CompletableFuture.supplyAsync(() -> awaitGoAway(http2), Thread::startVirtualThread);

                long drained = Ticker.SYSTEM.nanos();
                one.cli("drain", "node/lb-2", "--reason", "new disk").ok();
                patiently(() -> answers(one).equals(List.of("127.0.0.1")) && answers(two).equals(List.of("127.0.0.1")));
                assertEquals(200, status("127.0.0.2", port), "who comes all the same is served");
                patiently(() -> leaves.ask().equals("close"));
                Duration asked = Duration.ofNanos(Ticker.SYSTEM.nanos() - drained);
                assertTrue(asked.compareTo(TTL) >= 0, "asked to leave while DNS answers still named it: " + asked);
                patiently(goAway::isDone);
                assertTrue(goAway.get(), "the connection of HTTP/2 ended without a GOAWAY");
                assertEquals("keep", stays.ask());

                one.cli("ready", "node/lb-2").ok();
                patiently(() -> answers(one).equals(List.of("127.0.0.1", "127.0.0.2")));
            }
        }
    }

    private static void patiently(Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    private static List<String> answers(NodeProcess node) {
        return node.cli("dns", "ask", "shop.lb.example.net", "-o", "name").ok().out().lines().sorted().toList();
    }

    private static int status(String address, int port) {
        return Integer.parseInt(NodeProcess.curl(
                "-o", "/dev/null", "-w", "%{http_code}", "http://" + address + ":" + port + "/").ok().out().strip());
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    /** Opens a session and reads frames until the node takes its leave; false when it leaves without a word. */
    private static boolean awaitGoAway(Socket connection) {
        try {
            connection.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                    .getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(connection.getInputStream());
            while (true) {
                int first = in.readInt();
                in.skipNBytes(5L + (first >>> 8));
                if ((first & 0xFF) == 7) {
                    return true;
                }
            }
        } catch (IOException gone) {
            return false;
        }
    }

    /** A client with one kept connection. */
    private static final class Http1Client implements AutoCloseable {
        private final Socket socket;

        Http1Client(String node, int port) throws IOException {
            socket = new Socket(address(node), port);
        }

        /** Sends a request and reads its answer of status 200; {@code close} when it says that it is the last. */
        String ask() throws IOException {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                assertTrue(next >= 0, "the connection ended unannounced: " + head);
                head.append((char) next);
            }
            String said = head.toString().toLowerCase(Locale.ROOT);
            assertTrue(said.startsWith("http/1.1 200 "), said);
            int at = said.indexOf("\r\ncontent-length: ") + "\r\ncontent-length: ".length();
            socket.getInputStream().readNBytes(Integer.parseInt(said.substring(at, said.indexOf('\r', at))));
            return said.contains("\r\nconnection: close\r\n") ? "close" : "keep";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String site(int port, TestBackend backend) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    domain: shop.lb.example.net
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { forward: app } ]
                pools:
                  app: { check: { http: { path: /health }, interval: 1s }, targets: [ "%s" ] }
                zones:
                  lb.example.net: { nameservers: [ lb-1, lb-2 ], ttl: %ds }
                """.formatted(port, backend.address(), TTL.toSeconds());
    }
}
