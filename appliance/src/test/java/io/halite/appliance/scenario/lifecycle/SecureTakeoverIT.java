package io.halite.appliance.scenario.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Callers;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.TestAuthority;
import io.halite.appliance.scenario.TestBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A successor that inherits the sockets of an https listener has the last known good config at once, but the keys only
 * from its store. Whoever connects meanwhile is served by the predecessor: no handshake fails, and what is under way
 * over TLS ends in its own time.
 */
@Tag("stories")
class SecureTakeoverIT {
    private static final String HOST = "shop.example.com";

    @TempDir
    Path dir;

    @Test
    void restartsLoseNoHandshake() throws Exception {
        restart(2);
    }

    @Test
    @Tag("long")
    void tenRestartsLoseNoHandshake() throws Exception {
        restart(10);
    }

    private void restart(int restarts) throws Exception {
        TestAuthority authority = TestAuthority.in(dir);
        authority.issue("shop");
        SSLContext trusting = authority.context();
        try (TestBackend one = TestBackend.start("one"); StreamBackend streams = new StreamBackend();
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.cliWithInput(Files.readString(dir.resolve("shop.key")), "secret", "set", "shop-key").ok();
            Path document = Files.writeString(dir.resolve("site.yaml"), document(port, one, streams));
            node.cli("apply", "-f", document.toString()).ok();
            node.awaitHealthy("app");
            assertEquals("200", call(trusting, port));
            Set<String> sockets = listening(port);
            assertFalse(sockets.isEmpty());
            Process first;
            try (Socket tunnel = tunnel(trusting, port);
                    Callers callers = Callers.start(4, () -> call(trusting, port))) {
                first = node.takeOver("--takeover=5m");
                ask(tunnel, "over TLS, at the process that was");
                for (int restart = 1; restart < restarts; restart++) {
                    Process before = node.takeOver("--takeover=8s");
                    assertTrue(before.waitFor(120, TimeUnit.SECONDS), node.log());
                    assertEquals(0, before.exitValue(), node.log());
                }
                Map<String, Integer> outcomes = callers.stop();
                assertEquals(Map.of("200", outcomes.getOrDefault("200", 0)), outcomes, node.log());
                System.getLogger(SecureTakeoverIT.class.getName()).log(System.Logger.Level.INFO,
                        "handshakes without a failure count=" + outcomes.get("200") + " restarts=" + restarts);
                assertTrue(outcomes.get("200") > 10 * restarts, outcomes.toString());
                assertTrue(first.isAlive(), "it has a connection");
                ask(tunnel, "and still");
            }
            assertTrue(first.waitFor(120, TimeUnit.SECONDS), node.log());
            assertEquals(0, first.exitValue(), node.log());
            assertEquals("200", call(trusting, port));
            assertEquals(sockets, listening(port), "they were handed on, not opened anew");
        }
    }

    /** The kernel's numbers of the sockets that listen on a port. */
    private static Set<String> listening(int port) throws IOException {
        Set<String> sockets = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns[1].endsWith(":%04X".formatted(port)) && columns[3].equals("0A")) {
                sockets.add(columns[9]);
            }
        }
        return sockets;
    }

    private static String document(int port, TestBackend one, StreamBackend streams) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: https, certificates: [shop] } ]
                    routes: [ { match: { path: /ws }, forward: streams }, { forward: app } ]
                pools:
                  app: { targets: [ "%s" ] }
                  streams: { check: none, targets: [ "%s" ] }
                certificates:
                  shop: { names: [%s], certificate: { file: shop.pem }, key: { secret: shop-key } }
                """.formatted(port, one.address(), streams.address(), HOST);
    }

    private static Socket connect(SSLContext trusting, int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(120_000);
        SSLSocket secure = (SSLSocket) trusting.getSocketFactory().createSocket(socket, HOST, port, true);
        secure.startHandshake();
        return secure;
    }

    /** One request on a connection of its own: its status, or what went wrong. */
    private static String call(SSLContext trusting, int port) {
        try (Socket socket = connect(trusting, port)) {
            send(socket, "GET / HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.startsWith("HTTP/1.1 200 ") ? "200" : "answer: " + answer.lines().findFirst().orElse("none");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Socket tunnel(SSLContext trusting, int port) throws IOException {
        Socket socket = connect(trusting, port);
        send(socket, "GET /ws HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(read(socket, 1));
        }
        assertTrue(head.indexOf("HTTP/1.1 101 ") == 0, head.toString());
        return socket;
    }

    private static void ask(Socket tunnel, String line) throws IOException {
        send(tunnel, line + "\n");
        assertEquals(line + "\n", read(tunnel, line.length() + 1));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket socket, int octets) throws IOException {
        byte[] read = socket.getInputStream().readNBytes(octets);
        assertEquals(octets, read.length, "ended");
        return new String(read, StandardCharsets.ISO_8859_1);
    }
}
