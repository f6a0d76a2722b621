package io.halite.appliance.scenario.lifecycle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Callers;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.Site;
import io.halite.appliance.scenario.TestBackend;
import io.halite.appliance.takeover.Predecessor;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process follows another on the same data directory: no client that connects notices, what is under way ends in its
 * own time, and a successor that fails costs nothing.
 */
@Tag("stories")
class TakeoverIT {
    @TempDir
    Path dir;

    @Test
    void restartsLoseNoConnection() throws Exception {
        restart(2);
    }

    @Test
    @Tag("long")
    void tenRestartsLoseNoConnection() throws Exception {
        restart(10);
    }

    private void restart(int restarts) throws Exception {
        try (TestBackend one = TestBackend.start("one");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply(Site.document(port, one));
            node.awaitHealthy("app");
            Map<String, Integer> outcomes;
            try (Callers callers = Callers.start(8, () -> call(port))) {
                for (int restart = 0; restart < restarts; restart++) {
                    Process before = node.takeOver("--takeover=8s");
                    assertTrue(before.waitFor(120, TimeUnit.SECONDS), node.log());
                    assertEquals(0, before.exitValue(), node.log());
                }
                outcomes = callers.stop();
            }
            assertEquals(Map.of("200", outcomes.getOrDefault("200", 0)), outcomes, node.log());
            System.getLogger(TakeoverIT.class.getName()).log(System.Logger.Level.INFO,
                    "connections without a failure count=" + outcomes.get("200") + " restarts=" + restarts);
            assertTrue(outcomes.get("200") > 10 * restarts, outcomes.toString());
            assertEquals("1", node.revision());
            node.apply(Site.document(port, "timeouts: { connect: 7s }", one));
            assertEquals("2", node.revision(), "the last of them can be written to");
        }
    }

    @Test
    void whatIsUnderWayEndsInItsOwnTime() throws Exception {
        try (StreamBackend backend = new StreamBackend();
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply(streams(port, backend));
            try (Socket download = connect(port); Socket tunnel = connect(port)) {
                send(download, "GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
                backend.allow(1);
                readPast(download, "\r\n\r\n" + StreamBackend.PIECE);
                send(tunnel, "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
                readPast(tunnel, "\r\n\r\n");

                Process before = node.takeOver("--takeover=5m");
                assertTrue(before.isAlive(), "it has connections");
                assertTrue(node.pid() != before.pid());
                backend.allow(StreamBackend.PIECES - 1);
                readPast(download, StreamBackend.PIECE.repeat(StreamBackend.PIECES - 1));
                send(tunnel, "still there\n");
                readPast(tunnel, "still there\n");
                tunnel.shutdownOutput();
                assertEquals(-1, tunnel.getInputStream().read());
                assertTrue(before.waitFor(120, TimeUnit.SECONDS), node.log());
                assertEquals(0, before.exitValue());
            }
        }
    }

    @Test
    void theDeadlineIsKept() throws Exception {
        try (StreamBackend backend = new StreamBackend();
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply(streams(port, backend));
            try (Socket tunnel = connect(port)) {
                send(tunnel, "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
                readPast(tunnel, "\r\n\r\n");
                Process before = node.takeOver("--takeover=1s");
                assertTrue(before.waitFor(120, TimeUnit.SECONDS), node.log());
                assertThrows(IOException.class, tunnel.getInputStream()::read, "nobody takes what he has for the whole");
            }
        }
    }

    @Test
    void aSuccessorThatGivesUpCostsNothing() throws Exception {
        try (TestBackend one = TestBackend.start("one");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply(Site.document(port, one));
            node.awaitHealthy("app");
            try (Callers callers = Callers.start(2, () -> call(port))) {
                long pid = node.pid();
                Optional<Predecessor> called = Predecessor.call(node.data(), Duration.ofSeconds(10));
                try (Predecessor predecessor = called.orElseThrow()) {
                    assertFalse(predecessor.sockets().isEmpty());
                }
                node.awaitLine("successor gave up");
                await().ignoreExceptions().until(() -> node.revision().equals("1"));
                node.apply(Site.document(port, "timeouts: { connect: 7s }", one));
                assertEquals(pid, node.pid());
                Map<String, Integer> outcomes = callers.stop();
                assertEquals(Map.of("200", outcomes.getOrDefault("200", 0)), outcomes, node.log());
            }
        }
    }

    @Test
    void aSignalRenewsTheProcess() throws Exception {
        try (TestBackend one = TestBackend.start("one");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            node.apply(Site.document(port, one));
            ProcessHandle first = ProcessHandle.of(node.pid()).orElseThrow();
            new ProcessBuilder("kill", "-USR1", Long.toString(first.pid())).start().waitFor();
            first.onExit().get(120, TimeUnit.SECONDS);
            ProcessHandle second = ProcessHandle.of(Long.parseLong(
                    Files.readString(node.data().resolve("lock")).strip())).orElseThrow();
            try {
                assertTrue(second.pid() != first.pid() && second.isAlive(), node.log());
                assertEquals(200, NodeProcess.status(port, "/"));
                assertEquals("1", node.revision());
            } finally {
                second.destroyForcibly();
                second.onExit().get(120, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void withoutAPredecessorItJustStarts() throws Exception {
        try (NodeProcess node = NodeProcess.start(dir.resolve("node"), "--takeover")) {
            assertEquals("0", node.revision());
            node.kill();
            node.restart();
            assertEquals("0", node.revision(), "what a killed process left is in nobody's way");
        }
    }

    @Test
    void datagramsGoToTheSuccessor() throws Exception {
        try (DatagramSocket target = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            Thread.ofVirtual().start(() -> echo(target));
            int port = NodeProcess.freePort();
            node.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      names: { listeners: [ { name: udp, address: "0.0.0.0:%d", protocol: udp, pool: app } ] }
                    pools:
                      app: { check: none, targets: [ "127.0.0.1:%d" ] }
                    """.formatted(port, target.getLocalPort()));
            assertEquals("one", ask(port, "one"));
            Map<String, Integer> outcomes;
            try (Callers asking = Callers.start(1, () -> String.valueOf(ask(port, "more")))) {
                Process before = node.takeOver("--takeover=30s");
                assertTrue(before.waitFor(120, TimeUnit.SECONDS), node.log());
                outcomes = asking.stop();
            }
            assertEquals(Map.of("more", outcomes.getOrDefault("more", 0)), outcomes, node.log());
            assertEquals("two", ask(port, "two"));
        }
    }

    @Test
    void namesAreAnsweredThroughout() throws Exception {
        int port = NodeProcess.freePort();
        try (NodeProcess node = NodeProcess.start(dir.resolve("node"), "--dns-port", Integer.toString(port))) {
            node.apply("""
                    apiVersion: halite/v1
                    zones: { lb.example.net: { nameservers: [ lb-1 ] } }
                    """);
            await().until(() -> isNamed(port));
            // Like every resolver, it asks again when nothing comes: what waits in a closing socket is lost.
            try (Callers asking = Callers.start(1,
                    () -> isNamed(port) ? "named" : isNamed(port) ? "asked twice" : "none")) {
                for (int restart = 0; restart < 2; restart++) {
                    assertTrue(node.takeOver("--takeover=8s").waitFor(120, TimeUnit.SECONDS), node.log());
                }
                Map<String, Integer> outcomes = asking.stop();
                assertFalse(outcomes.containsKey("none"), outcomes.toString());
            }
        }
    }

    /** Whether the zone's SOA comes. */
    private static boolean isNamed(int port) {
        byte[] question = "\0\7\0\0\0\1\0\0\0\0\0\0\2lb\7example\3net\0\0\6\0\1".getBytes(StandardCharsets.ISO_8859_1);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(2_000);
            socket.send(new DatagramPacket(question, question.length, InetAddress.getLoopbackAddress(), port));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return answer.getData()[7] == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private static void echo(DatagramSocket socket) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static String ask(int port, String question) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(5_000);
            byte[] bytes = question.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String streams(int port, StreamBackend backend) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { forward: app } ]
                pools:
                  app: { check: none, targets: [ "%s" ] }
                """.formatted(port, backend.address());
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void readPast(Socket socket, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (!read.toString().endsWith(end)) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("ended after: " + read);
            }
            read.append((char) next);
        }
    }

    /** One request on a connection of its own: 200, or what came instead. */
    private static String call(int port) {
        try (Socket socket = connect(port)) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.startsWith("HTTP/1.1 200 ") ? "200" : "answer: " + answer.lines().findFirst().orElse("none");
        } catch (IOException e) {
            return e.toString();
        }
    }
}
