package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.accesslog.LogDestination.RotatedFile;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.LogFile;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The last word of the log: of requests whose body goes wrong, before or after the answer began; of connections that turned
 * to another protocol; and of whatever is under way when the process ends.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class RequestEndLogTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String SWITCHING =
            Wire.head("HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: Upgrade");

    @Parameter
    Engine engine;

    @TempDir
    private Path dir;

    private final AtomicBoolean clockIsBroken = new AtomicBoolean();
    private TestPlane plane;
    private ScriptedTarget target;

    private Wire client(String rules, ScriptedTarget.Script script) throws Exception {
        InstantSource clock = () -> {
            if (clockIsBroken.compareAndSet(true, false)) {
                throw new IllegalStateException("a clock that is broken, as the test wants it");
            }
            return Instant.now();
        };
        plane = TestPlane.logging(engine, RotatedFile.at(dir.resolve("access.log")), clock);
        target = ScriptedTarget.running(script);
        assertEquals(List.of(), plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    %s
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { match: { path: /own }, respond: { body: own } }, { forward: app } ]
                pools: { app: { check: none, targets: [ { name: one, address: "%s" } ] } }
                """.formatted(rules, target.address())));
        return Wire.to(plane.port("shop/web"));
    }

    @AfterEach
    void stop() throws Exception {
        plane.close();
        target.close();
    }

    private Map<String, String> onlyLine() throws IOException {
        return new LogFile(dir.resolve("access.log")).lines(1).getFirst();
    }

    private Map<String, String> onlyLine(String end, String status) throws IOException {
        Map<String, String> line = onlyLine();
        assertEquals(end, line.get("end"), line.toString());
        assertEquals(status, line.get("status"), line.toString());
        return line;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Content-Length: 10 | abc | stays | 408 | BODY_TIMEOUT",
        "Transfer-Encoding: chunked | zz | stays | 400 | BAD_CHUNK",
        "Content-Length: 10 | abc | ends | 400 | BODY_CUT_SHORT",
    })
    void aBodyThatGoesWrong(String framing, String body, String then, String status, String reason) throws Exception {
        try (Wire client = client("timeouts: { requestBody: 4s }", (wire, self) -> wire.readAll())) {
            client.send(Wire.head("POST / HTTP/1.1", "Host: a", framing) + body + "\r\n");
            if (then.equals("ends")) {
                client.finish();
            }
            assertTrue(client.response().body().contains("code: " + reason));
            Map<String, String> line = onlyLine("complete", status);
            assertEquals(reason, line.get("reason"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Content-Length: 10 | abc | stays | BODY_TIMEOUT",
        "Transfer-Encoding: chunked | zz | stays | BAD_CHUNK",
        "Content-Length: 10 | abc | ends | BODY_CUT_SHORT",
    })
    void aBodyThatGoesWrongWhenTheAnswerHasBegun(String framing, String body, String then, String reason) throws Exception {
        try (Wire client = client("timeouts: { requestBody: 4s }", (wire, self) -> {
            wire.readHead();
            wire.send(Wire.head("HTTP/1.1 200 OK", "Content-Length: 100") + "half").readAll();
        })) {
            client.send(Wire.head("POST / HTTP/1.1", "Host: a", framing)).readHead();
            client.send(body + "\r\n");
            if (then.equals("ends")) {
                client.finish();
            }
            Map<String, String> line = onlyLine("cut", "200");
            assertEquals(reason, line.get("reason"));
        }
    }

    @Test
    void anErrorOfOurOwn() throws Exception {
        try (Wire client = client("", (wire, self) -> wire.readAll())) {
            clockIsBroken.set(true);
            assertTrue(client.send(Wire.head("GET /own HTTP/1.1", "Host: a")).isEnded());
            assertEquals("FAILED", onlyLine("cut", "0").get("reason"));
            assertEquals(1, plane.plane().traffic().loops().getFirst().exceptions());
        }
    }

    /** What ends a connection that was upgraded, in the words that are used of relays. */
    @ParameterizedTest
    @CsvSource({"e, targetEnded", "r, targetReset", "E, clientEnded", "R, clientReset", "i, idle", "d, drain"})
    void anUpgradedConnectionSaysWhoEndedIt(String wish, String end) throws Exception {
        boolean isSilent = wish.equals("i");
        try (Wire client = client(isSilent ? "timeouts: { tunnel: 4s }" : "accessLog: { sample: 100% }", (wire, self) -> {
            self.read(wire);
            wire.send(SWITCHING);
            switch (wire.read(1)) {
                case "e" -> wire.finish();
                case "r" -> wire.reset();
                default -> wire.send("x");
            }
            wire.readAll();
        })) {
            assertEquals(101, client.ask(Wire.head("GET /ws HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: x"))
                    .status());
            client.send(wish);
            switch (wish) {
                case "e" -> {
                    assertTrue(client.isEnded());
                    client.finish();
                }
                case "r" -> assertTrue(client.isEnded());
                case "R" -> {
                    assertEquals("x", client.read(1));
                    client.reset();
                }
                case "E" -> {
                    assertEquals("x", client.read(1));
                    client.finish();
                    assertTrue(client.isEnded());
                }
                case "d" -> {
                    assertEquals("x", client.read(1));
                    plane.close();
                    assertTrue(client.isEnded());
                }
                default -> assertEquals("x", client.readAll());
            }
            Map<String, String> line = onlyLine(end, "101");
            assertNull(line.get("reason"));
            assertEquals("one", line.get("target"));
        }
    }

    /** A client is told, or sees that what it has is not the whole. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatIsUnderWayWhenTheProcessEnds(boolean begun) throws Exception {
        try (Wire client = client("", (wire, self) -> {
            self.read(wire);
            if (begun) {
                wire.send(Wire.head("HTTP/1.0 200 OK") + "half");
            }
            wire.readAll();
        })) {
            client.send(GET);
            target.take();
            if (begun) {
                client.readHead();
                assertEquals("half", client.read(4));
            }
            plane.close();
            if (begun) {
                assertThrows(IOException.class, client::readAll);
            } else {
                assertEquals(503, client.response().status());
            }
            Map<String, String> line = onlyLine(begun ? "cut" : "complete", begun ? "200" : "503");
            assertEquals("DRAINED", line.get("reason"));
            await().until(() -> plane.plane().traffic().loops().getFirst().bufferBytes() == 0);
        }
    }
}
