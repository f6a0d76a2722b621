package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.accesslog.LogDestination.RotatedFile;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.LogFile;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written of each request. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class AccessLogTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    Engine engine;

    @TempDir
    private Path dir;

    private TestPlane plane;
    private ScriptedTarget target;

    @BeforeEach
    void start() throws Exception {
        plane = TestPlane.logging(engine, 1, RotatedFile.at(dir.resolve("access.log")));
        target = ScriptedTarget.ok("hello");
        apply("accessLog: { sample: 100% }");
    }

    private void apply(String rules) throws Exception {
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    trustedProxies: 127.0.0.1/32
                    %s
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes:
                      - { name: gone, match: { path: /gone }, respond: { status: 404 } }
                      - { name: here, match: { path: /here }, respond: { body: here } }
                      - { name: all, forward: app }
                pools: { app: { check: none, targets: [ { name: one, address: "%s" } ] } }
                """.formatted(rules, target.address()));
    }

    @AfterEach
    void stop() throws Exception {
        plane.close();
        target.close();
    }

    private List<Map<String, String>> lines(int expected) throws IOException {
        return new LogFile(dir.resolve("access.log")).lines(expected);
    }

    private void ask(String request) throws IOException {
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            client.ask(request);
        }
    }

    @Test
    void aForwardedRequest() throws Exception {
        String request = Wire.head("GET /a/%22b?token=secret HTTP/1.1", "Host: Shop.example:80", "X-Request-Id: id-1",
                "User-Agent: a \"b\" \\ \u00e4", "Authorization: Bearer secret", "Cookie: s=secret",
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        ask(request);
        Map<String, String> line = lines(1).getFirst();
        assertEquals("shop/web", line.get("listener"));
        assertEquals("shop/all", line.get("route"));
        assertEquals("app", line.get("pool"));
        assertEquals("one", line.get("target"));
        assertEquals("127.0.0.1", line.get("client"));
        assertNull(line.get("proxy"));
        assertEquals("GET", line.get("method"));
        assertEquals("Shop.example", line.get("host"));
        assertEquals("/a/%22b", line.get("path"));
        assertEquals("HTTP/1.1", line.get("protocol"));
        assertEquals("id-1", line.get("requestId"));
        assertEquals("200", line.get("status"));
        assertEquals(Integer.toString(request.length()), line.get("bytesIn"));
        assertTrue(Integer.parseInt(line.get("bytesOut")) > 5);
        assertTrue(Double.parseDouble(line.get("durationMs")) >= Double.parseDouble(line.get("upstreamMs")));
        assertEquals("a \"b\" \\ \u00e4", line.get("userAgent"));
        assertEquals("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", line.get("traceparent"));
        assertEquals("complete", line.get("end"));
        assertNull(line.get("reason"));
        Duration age = Duration.between(Instant.parse(line.get("time")), Instant.now()).abs();
        assertTrue(age.compareTo(Duration.ofMinutes(2)) < 0, line.get("time"));
        assertFalse(Files.readString(dir.resolve("access.log")).contains("secret"));
    }

    /** A line has room for everything once: what a client sends again neither breaks it nor is logged. */
    @Test
    void fieldsThatAClientRepeats() throws Exception {
        String agent = "User-Agent: " + "\u00e4".repeat(300) + "\r\n";
        ask("GET /" + "a".repeat(2_000) + " HTTP/1.1\r\nHost: a\r\n" + agent.repeat(20) + "traceparent: 1\r\n"
                + "traceparent: 2\r\n\r\n");
        Map<String, String> line = lines(1).getFirst();
        assertEquals("200", line.get("status"));
        assertEquals("\u00e4".repeat(256), line.get("userAgent"));
        assertEquals("1", line.get("traceparent"));
        assertEquals("complete", line.get("end"));
    }

    @Test
    void requestsOfOneConnectionHaveALineEach() throws Exception {
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            client.ask(GET);
            client.ask(Wire.head("POST /b HTTP/1.1", "Host: a", "Content-Length: 0"));
            client.ask(Wire.head("GET /here HTTP/1.1", "Host: a"));
        }
        List<Map<String, String>> lines = lines(3);
        assertEquals(List.of("/", "/b", "/here"), lines.stream().map(line -> line.get("path")).toList());
        assertEquals(lines.getFirst().get("bytesOut"), lines.get(1).get("bytesOut"));
        assertNull(lines.getLast().get("pool"));
        assertEquals(3, lines.stream().map(line -> line.get("requestId")).distinct().count());
    }

    @Test
    void theClientBehindAProxyIsNamed() throws Exception {
        ask(Wire.head("GET / HTTP/1.1", "Host: a", "X-Forwarded-For: 2001:db8::17"));
        Map<String, String> line = lines(1).getFirst();
        assertEquals("2001:db8::17", line.get("client"));
        assertEquals("127.0.0.1", line.get("proxy"));
    }

    @Test
    void whatIsRefusedSaysWhy() throws Exception {
        ask("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n");
        ask(Wire.head("GET /x HTTP/1.1", "Host: a", "Content-Length: 3", "Transfer-Encoding: chunked"));
        List<Map<String, String>> lines = lines(2);
        assertEquals("BARE_LF", lines.getFirst().get("reason"));
        assertEquals("400", lines.getFirst().get("status"));
        assertEquals("LENGTH_AND_CHUNKED", lines.getLast().get("reason"));
        assertEquals("/x", lines.getLast().get("path"));
    }

    @Test
    void aTargetThatFailsSaysWhy() throws Exception {
        target.stopListening();
        ask(GET);
        Map<String, String> line = lines(1).getFirst();
        assertEquals("502", line.get("status"));
        assertEquals("CONNECT_REFUSED", line.get("reason"));
        assertEquals("one", line.get("target"));
        assertNull(line.get("upstreamMs"));
    }

    @Test
    void aClientThatLeavesIsSeenToHaveLeft() throws Exception {
        try (ScriptedTarget silent = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.isEnded();
        })) {
            target.close();
            target = silent;
            apply("");
            Wire client = Wire.to(plane.port("shop/web"));
            client.send(GET);
            silent.take();
            client.reset();
            Map<String, String> line = lines(1).getFirst();
            assertEquals("499", line.get("status"));
            assertEquals("clientLeft", line.get("end"));
        }
    }

    /** The line of a response that was cut says which of the target, a limit or a deadline did it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ends | Content-Length: 100 | half | | TARGET_CLOSED",
        "stays | Transfer-Encoding: chunked | half | | BAD_RESPONSE",
        "stays | Content-Length: 100 | half | timeouts: { idle: 500ms } | RESPONSE_TIMEOUT",
        "stays | Content-Length: 100 | half | timeouts: { total: 1s } | TOTAL_TIMEOUT",
    })
    void aCutResponseSaysWhy(String then, String framing, String body, @Nullable String rules, String reason)
            throws Exception {
        try (ScriptedTarget broken = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send(Wire.head("HTTP/1.1 200 OK", framing) + body);
            if (then.equals("stays")) {
                wire.isEnded();
            }
        })) {
            target.close();
            target = broken;
            apply(rules == null ? "" : rules);
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                client.send(GET);
                Map<String, String> line = lines(1).getFirst();
                assertEquals("200", line.get("status"));
                assertEquals("cut", line.get("end"));
                assertEquals(reason, line.get("reason"));
            }
        }
    }

    @Test
    void aReaderThatIsCutOffIsSaidToBeSlow() throws Exception {
        try (ScriptedTarget generous = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            wire.send(new byte[100_000_000]);
        })) {
            target.close();
            target = generous;
            apply("timeouts: { idle: 500ms }");
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                client.send(GET);
                Map<String, String> line = lines(1).getFirst();
                assertEquals("cut", line.get("end"));
                assertEquals("SLOW_READER", line.get("reason"));
            }
        }
    }

    /** A body that breaks a limit when the response has begun already. */
    @Test
    void anUploadThatIsCutOffSaysWhichLimitItBroke() throws Exception {
        try (ScriptedTarget early = ScriptedTarget.running((wire, self) -> {
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            wire.isEnded();
        })) {
            target.close();
            target = early;
            apply("limits: { body: 4KiB }");
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").readHead();
                client.send("2000\r\n" + "x".repeat(0x2000) + "\r\n");
                Map<String, String> line = lines(1).getFirst();
                assertEquals("cut", line.get("end"));
                assertEquals("BODY_TOO_LARGE", line.get("reason"));
            }
        }
    }

    /** Of those that succeed a sample, of those that fail all. */
    @Test
    void failuresAreLoggedWhateverTheSample() throws Exception {
        apply("accessLog: { sample: 0% }");
        for (int round = 0; round < 5; round++) {
            ask(GET);
            ask(Wire.head("GET /gone HTTP/1.1", "Host: a"));
        }
        assertTrue(lines(5).stream().allMatch(line -> line.get("status").equals("404")));
        assertEquals(5, plane.plane().traffic().accessLog().written());
        assertEquals(0, plane.plane().traffic().accessLog().dropped());
    }

    @Test
    void aTunnelIsLoggedWhenItEnds() throws Exception {
        try (ScriptedTarget upgrading = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
            wire.send("0123456789");
        })) {
            target.close();
            target = upgrading;
            apply("");
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                client.send(Wire.head("GET /ws HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: x"));
                assertTrue(client.readAll().endsWith("0123456789"));
            }
            Map<String, String> line = lines(1).getFirst();
            assertEquals("101", line.get("status"));
            assertTrue(Integer.parseInt(line.get("bytesOut")) > 60);
        }
    }
}
