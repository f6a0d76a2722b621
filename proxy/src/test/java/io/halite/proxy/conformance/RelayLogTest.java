package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.accesslog.LogDestination.RotatedFile;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.DatagramClient;
import io.halite.proxy.testing.DatagramTarget;
import io.halite.proxy.testing.LogFile;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.TlsTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written of each relayed connection and session. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class RelayLogTest {
    @Parameter
    Engine engine;

    @TempDir
    private Path dir;

    private TestPlane plane;
    private LogFile log;

    @BeforeEach
    void start() throws Exception {
        log = new LogFile(dir.resolve("access.log"));
        plane = TestPlane.logging(engine, 1, RotatedFile.at(log.path()));
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void apply(String protocol, String listener, String rules, String pool) throws Exception {
        assertEquals(List.of(), plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  edge:
                    listeners: [ { name: in, address: "127.0.0.1:0", protocol: %s, %s } ]
                    %s
                pools:
                  app: { check: none, algorithm: first, retries: { backoff: 1ms }, %s }
                """.formatted(protocol, listener, rules, pool)));
    }

    private static String at(String... addresses) {
        StringBuilder targets = new StringBuilder("targets: [");
        for (int i = 0; i < addresses.length; i++) {
            targets.append("{ name: t").append(i).append(", address: \"").append(addresses[i]).append("\" },");
        }
        return targets.append(']').toString();
    }

    private Wire connect() throws IOException {
        return Wire.to(plane.port("edge/in"));
    }

    private Map<String, String> onlyLine(String end) throws IOException {
        Map<String, String> line = log.lines(1).getFirst();
        assertEquals(end, line.get("end"), line.toString());
        assertEquals("edge/in", line.get("listener"));
        assertEquals("127.0.0.1", line.get("client"));
        return line;
    }

    /** A target that sends three bytes, then waits for the end. */
    private static ScriptedTarget greeting() throws IOException {
        return ScriptedTarget.running((wire, self) -> wire.send("hey").readAll());
    }

    @Test
    void aConnection() throws Exception {
        Instant before = Instant.now();
        try (ScriptedTarget target = greeting()) {
            apply("tcp", "pool: app", "", at(target.address()));
            try (Wire client = connect()) {
                assertEquals("hey", client.send("hello").read(3));
                client.finish();
                assertEquals("", client.readAll());
            }
            Map<String, String> line = onlyLine("clientEnded");
            assertEquals("tcp", line.get("protocol"));
            assertEquals("app", line.get("pool"));
            assertEquals("t0", line.get("target"));
            assertEquals("5", line.get("bytesIn"));
            assertEquals("3", line.get("bytesOut"));
            assertTrue(Double.parseDouble(line.get("durationMs")) >= Double.parseDouble(line.get("connectMs")));
            assertFalse(Instant.parse(line.get("time")).isBefore(before.minusSeconds(60)));
            for (String absent : List.of("retries", "reason", "serverName", "status", "path")) {
                assertNull(line.get(absent), absent);
            }
        }
    }

    @Test
    void whoEndedIt() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            switch (wire.read(1)) {
                case "e" -> wire.finish();
                case "r" -> wire.reset();
                default -> wire.send("x");
            }
            wire.isEnded();
        })) {
            apply("tcp", "pool: app", "", at(target.address()));
            for (String wish : List.of("e", "r")) {
                try (Wire client = connect()) {
                    assertTrue(client.send(wish).isEnded());
                }
                log.lines(wish.equals("e") ? 1 : 2);
            }
            Wire client = connect();
            assertEquals("x", client.send("w").read(1));
            client.reset();
            assertEquals(List.of("targetEnded", "targetReset", "clientReset"),
                    log.lines(3).stream().map(line -> line.get("end")).toList());
        }
    }

    @Test
    void aSilentConnection() throws Exception {
        try (ScriptedTarget target = greeting()) {
            apply("tcp", "pool: app", "timeouts: { tunnel: 3s }", at(target.address()));
            try (Wire client = connect()) {
                assertEquals("hey", client.readAll());
                Map<String, String> line = onlyLine("idle");
                assertTrue(Double.parseDouble(line.get("durationMs")) >= 3_000);
            }
        }
    }

    @Test
    void aConnectFails() throws Exception {
        apply("tcp", "pool: app", "accessLog: { sample: 0% }", at("127.0.0.1:" + Ports.free(), "127.0.0.1:" + Ports.free()));
        try (Wire client = connect()) {
            assertTrue(client.isEnded());
        }
        Map<String, String> line = onlyLine("connectFailed");
        assertEquals("CONNECT_REFUSED", line.get("reason"));
        assertEquals("t1", line.get("target"));
        assertEquals("1", line.get("retries"));
        assertEquals("0", line.get("bytesOut"));
        assertNull(line.get("connectMs"));
    }

    @Test
    void aHandshakeWithTheTargetFails() throws Exception {
        try (ScriptedTarget plain = ScriptedTarget.running((wire, self) -> wire.send("no TLS here\r\n").readAll())) {
            apply("tcp", "pool: app", "", "tls: {}, " + at(plain.address()));
            try (Wire client = connect()) {
                assertTrue(client.isEnded());
            }
            Map<String, String> line = onlyLine("connectFailed");
            assertEquals("TARGET_HANDSHAKE_FAILED", line.get("reason"));
            assertEquals("t0", line.get("target"));
            assertNull(line.get("connectMs"));
        }
    }

    @Test
    void aPoolWithoutTargets() throws Exception {
        apply("tcp", "pool: app", "", "targets: []");
        try (Wire client = connect()) {
            assertTrue(client.isEnded());
        }
        Map<String, String> line = onlyLine("noTarget");
        assertEquals("NO_TARGET", line.get("reason"));
        assertEquals("app", line.get("pool"));
        assertNull(line.get("target"));
    }

    @Test
    void aListenerHasEnough() throws Exception {
        try (ScriptedTarget target = greeting()) {
            apply("tcp", "pool: app", "limits: { connections: 1 }", at(target.address()));
            try (Wire first = connect(); Wire second = connect()) {
                assertEquals("hey", first.read(3));
                assertTrue(second.isEnded());
                assertEquals("CONNECTION_LIMIT", onlyLine("limit").get("reason"));
            }
        }
    }

    @Test
    void theTargetHasEnough() throws Exception {
        try (ScriptedTarget target = greeting()) {
            apply("tcp", "pool: app", "", "limits: { connections: 1 }, " + at(target.address()));
            try (Wire first = connect()) {
                assertEquals("hey", first.read(3));
                try (Wire second = connect()) {
                    assertTrue(second.isEnded());
                }
                assertEquals("TARGET_LIMIT", onlyLine("limit").get("reason"));
            }
        }
    }

    @Test
    void anAddressIsNotAdmitted() throws Exception {
        apply("tcp", "pool: app", "access: { deny: 127.0.0.0/8 }", at("127.0.0.1:" + Ports.free()));
        try (Wire client = connect()) {
            assertTrue(client.isEnded());
        }
        assertEquals("FORBIDDEN", onlyLine("refused").get("reason"));
    }

    /** The listener keeps its connections when it closes; the process does not. */
    @Test
    void whatIsOpenWhenTheProcessEnds() throws Exception {
        try (ScriptedTarget target = greeting(); DatagramTarget mute = DatagramTarget.answering(got -> null)) {
            apply("tcp", "pool: app", "", at(target.address()));
            try (Wire client = connect()) {
                assertEquals("hey", client.read(3));
                apply("udp", "pool: app", "", at(mute.address()));
                try (DatagramClient sender = new DatagramClient("127.0.0.1", plane.port("edge/in"))) {
                    sender.send("a");
                    await().until(() -> mute.senders() == 1);
                    plane.close();
                }
            }
            List<Map<String, String>> lines = log.lines(2);
            assertTrue(lines.stream().allMatch(line -> line.get("end").equals("drain")), lines.toString());
        }
    }

    @Test
    void ofThoseThatWentWellASample() throws Exception {
        try (ScriptedTarget target = greeting()) {
            apply("tcp", "pool: app", "accessLog: { sample: 0% }", at(target.address()));
            for (int round = 0; round < 3; round++) {
                try (Wire client = connect()) {
                    assertEquals("hey", client.read(3));
                    client.finish();
                    assertEquals("", client.readAll());
                }
            }
            await().until(() -> plane.plane().traffic().listeners().getFirst().open() == 0);
            assertEquals(0, plane.plane().traffic().accessLog().written());
        }
    }

    private void shakeHands(String name) throws Exception {
        try (SSLSocket socket = (SSLSocket) TlsTarget.trusting().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), plane.port("edge/in"))) {
            socket.setSoTimeout(120_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }
    }

    @Test
    void theServerNameOfTls() throws Exception {
        try (TlsTarget target = TlsTarget.named("shop", dir)) {
            apply("tls", "serverNames: { shop.example: app }", "", at(target.address()));
            shakeHands("Shop.example");
            Map<String, String> line = log.lines(1).getFirst();
            assertEquals("tls", line.get("protocol"));
            assertEquals("shop.example", line.get("serverName"));
            assertEquals("app", line.get("pool"));
            assertEquals("t0", line.get("target"));
            assertTrue(Integer.parseInt(line.get("bytesIn")) > 100, "the hello counts");
            assertTrue(Integer.parseInt(line.get("bytesOut")) > 100);
            assertThrows(SSLException.class, () -> shakeHands("other.example"));
            line = log.lines(2).getLast();
            assertEquals("refused", line.get("end"));
            assertEquals("UNKNOWN_SERVER_NAME", line.get("reason"));
            assertEquals("other.example", line.get("serverName"));
        }
    }

    @Test
    void whatIsNoTls() throws Exception {
        apply("tls", "pool: app", "", at("127.0.0.1:" + Ports.free()));
        try (Wire client = connect()) {
            assertTrue(client.send("GET / HTTP/1.1\r\n\r\n").isEnded());
        }
        assertEquals("NOT_TLS", onlyLine("refused").get("reason"));
    }

    @Test
    void aSession() throws Exception {
        try (DatagramTarget target = DatagramTarget.named("one")) {
            apply("udp", "pool: app", "timeouts: { session: 3s }", at(target.address()));
            try (DatagramClient client = new DatagramClient("127.0.0.1", plane.port("edge/in"))) {
                assertEquals("one:abc", client.ask("abc"));
                assertEquals("one:de", client.ask("de"));
            }
            Map<String, String> line = onlyLine("idle");
            assertEquals("udp", line.get("protocol"));
            assertEquals("app", line.get("pool"));
            assertEquals("t0", line.get("target"));
            assertEquals("5", line.get("bytesIn"));
            assertEquals("13", line.get("bytesOut"));
            assertTrue(Double.parseDouble(line.get("durationMs")) >= 3_000);
        }
    }

    @Test
    void aSessionThatNobodyServes() throws Exception {
        apply("udp", "pool: app", "timeouts: { session: 300ms }", "targets: []");
        try (DatagramClient client = new DatagramClient("127.0.0.1", plane.port("edge/in"))) {
            client.send("abc");
            assertEquals("3", onlyLine("noTarget").get("bytesIn"));
        }
    }

    @Test
    void aSessionThatIsRefused() throws Exception {
        apply("udp", "pool: app", "timeouts: { session: 3s }", at("127.0.0.1:" + Ports.free()));
        try (DatagramClient client = new DatagramClient("127.0.0.1", plane.port("edge/in"))) {
            client.send("abc");
            Map<String, String> line = onlyLine("connectFailed");
            assertEquals("CONNECT_REFUSED", line.get("reason"));
            assertEquals("t0", line.get("target"));
        }
    }
}
