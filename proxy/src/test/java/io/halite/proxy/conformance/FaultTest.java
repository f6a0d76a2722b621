package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.TargetRef;
import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import io.halite.proxy.traffic.Traffic;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets that fail: what the client sees, what is tried again (RFC 9110 §9.2.2, RFC 9112 §9.3.1), what is counted. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class FaultTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";

    @Parameter
    Engine engine;

    private TestPlane plane(String pool) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { forward: app } ]
                    timeouts: { connect: 10s, responseHeader: 4s, idle: 4s }
                pools:
                  app: { check: none, %s }
                """.formatted(pool));
        return plane;
    }

    private static Message ask(TestPlane plane, String request) throws IOException {
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            return client.ask(request);
        }
    }

    private static long retries(TestPlane plane) {
        return plane.plane().traffic().series().stream().mapToLong(Traffic.Series::retries).sum();
    }

    @Test
    void aRefusedConnectionIsTriedElsewhere() throws Exception {
        try (ScriptedTarget alive = ScriptedTarget.echo();
                TestPlane plane = plane("targets: [ \"127.0.0.1:" + Ports.free() + "\", \"" + alive.address() + "\" ]")) {
            for (int round = 0; round < 6; round++) {
                assertEquals(200, ask(plane, round % 2 == 0 ? GET : POST).status());
            }
            assertTrue(retries(plane) > 0);
            await().until(() -> plane.plane().traffic().series().stream().mapToLong(
                    series -> series.codes().getOrDefault(200, 0L)).sum() == 6);
        }
    }

    /** A body that is still coming when the first target refuses goes whole to the second. */
    @Test
    void aLargeBodySurvivesTheRetry() throws Exception {
        try (ScriptedTarget alive = ScriptedTarget.echo();
                TestPlane plane = plane("algorithm: first, targets: [ \"127.0.0.1:" + Ports.free() + "\", \""
                        + alive.address() + "\" ]")) {
            String body = "0123456789".repeat(50_000);
            Message answer = ask(plane, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
            assertEquals(200, answer.status());
            assertTrue(answer.body().endsWith("\n" + body));
        }
    }

    @Test
    void withoutAnotherTargetTheClientHearsWhy() throws Exception {
        try (TestPlane plane = plane("targets: [ \"127.0.0.1:" + Ports.free() + "\" ]")) {
            Message answer = ask(plane, GET);
            assertEquals(502, answer.status());
            assertTrue(answer.body().contains("code: CONNECT_REFUSED"), answer.toString());
        }
    }

    @Test
    void retriesCanBeSwitchedOff() throws Exception {
        try (ScriptedTarget alive = ScriptedTarget.ok("x");
                TestPlane plane = plane("retries: { attempts: 0 }, algorithm: first, targets: [ \"127.0.0.1:" + Ports.free()
                        + "\", \"" + alive.address() + "\" ]")) {
            assertEquals(502, ask(plane, GET).status());
            assertEquals(0, retries(plane));
        }
    }

    /** One try has a time of its own, shorter than what the whole request may take. */
    @Test
    void oneTryHasItsOwnTimeOut() throws Exception {
        ScriptedTarget silent = ScriptedTarget.running((wire, self) -> wire.readAll());
        try (silent; TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools:
                      app: { check: none, retries: { perTry: 300ms }, targets: [ "%s" ] }
                    """.formatted(silent.address()));
            assertEquals(504, ask(plane, GET).status());
        }
    }

    /** Connections are kept as long, and as many, as the pool says. */
    @Test
    void keepAliveIsBounded() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send(OK);
            if (wire.isEnded()) {
                self.note("ended");
            }
        });
        try (target; TestPlane plane = plane("keepAlive: { idle: 300ms }, targets: [ \"" + target.address() + "\" ]")) {
            assertEquals(200, ask(plane, GET).status());
            await().until(() -> target.noted("ended"));
        }
    }

    @Test
    void anEmptyPoolIsUnavailable() throws Exception {
        try (TestPlane plane = plane("targets: [ { address: \"127.0.0.1:" + Ports.free() + "\", weight: 0 } ]")) {
            Message answer = ask(plane, GET);
            assertEquals(503, answer.status());
            assertTrue(answer.body().contains("code: NO_TARGET"), answer.toString());
        }
    }

    /** A kept-alive connection that the target closed meanwhile is no reason to fail a request that may be repeated. */
    @ParameterizedTest
    @CsvSource({"GET, 200", "PUT, 200", "DELETE, 200", "POST, 502", "PATCH, 502"})
    void aStaleConnectionCostsOnlyWhatMayNotBeRepeated(String method, int expected) throws Exception {
        AtomicInteger connections = new AtomicInteger();
        // Answers the first request of each connection; closes on the second without an answer, as if by its time-out.
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            connections.incrementAndGet();
            self.read(wire);
            wire.send(OK);
            self.read(wire);
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            String request = method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
            assertEquals(200, client.ask(request).status());
            assertEquals(expected, client.ask(request).status());
            assertEquals(expected == 200 ? 2 : 1, connections.get());
        }
    }

    /** A connection that ends while it is idle is simply gone. */
    @Test
    void aConnectionClosedWhileIdleIsNotUsed() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send(OK);
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            for (int round = 0; round < 10; round++) {
                Message answer = client.ask(round % 2 == 0 ? GET : Wire.head("DELETE / HTTP/1.1", "Host: a"));
                assertEquals(200, answer.status());
            }
        }
    }

    /** A new connection that the target closes without an answer is no stale one: the same target is not asked again. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aFreshConnectionThatEndsIsNotTriedAtTheSameTarget(boolean reset) throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            if (reset) {
                wire.reset();
            }
        });
        try (Scene scene = Scene.before(target, engine)) {
            Message answer = scene.ask(GET);
            assertEquals(502, answer.status());
            assertTrue(answer.body().contains("code: TARGET_CLOSED"), answer.toString());
            assertEquals(1, target.connections());
        }
    }

    @Test
    void aSilentTargetTimesOut() throws Exception {
        ScriptedTarget silent = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.readAll();
            self.note("closed");
        });
        try (silent; TestPlane plane = plane("targets: [ \"" + silent.address() + "\" ]")) {
            Message answer = ask(plane, GET);
            assertEquals(504, answer.status());
            assertTrue(answer.body().contains("code: RESPONSE_TIMEOUT"), answer.toString());
            await().until(() -> silent.noted("closed"));
            assertEquals(0, plane.plane().inFlight(new TargetRef("app", "127-0-0-1-" + silent.port())));
        }
    }

    /** A target that stalls in the middle of its body: the client must not take the part for the whole. */
    @Test
    void aStalledBodyIsCutOff() throws Exception {
        ScriptedTarget stalling = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            wire.readAll();
        });
        try (stalling; TestPlane plane = plane("targets: [ \"" + stalling.address() + "\" ]");
                Wire client = Wire.to(plane.port("shop/web"))) {
            client.send(GET);
            assertEquals("HTTP/1.1 200 OK\r\n", client.read(17));
            assertTrue(client.read(25).endsWith("\r\n\r\nabc"));
            assertTrue(client.isEnded());
        }
    }

    /** A response that dribbles in, octet by octet, is a response. */
    @Test
    void aDribblingResponseIsRelayed() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            while (true) {
                self.read(wire);
                String response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
                for (int i = 0; i < response.length(); i++) {
                    wire.send(response.substring(i, i + 1));
                }
            }
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            for (int round = 0; round < 5; round++) {
                assertEquals("abc", client.ask(GET).body());
            }
            assertEquals(1, target.connections());
        }
    }

    /** A head larger than any that is sensible is no valid response. */
    @Test
    void anEndlessResponseHeadIsRefused() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\n");
            while (true) {
                wire.send("X-More: " + "y".repeat(1_000) + "\r\n");
            }
        });
        try (Scene scene = Scene.before(target, engine)) {
            assertEquals(502, scene.ask(GET).status());
        }
    }

    /** A large but sensible one passes. */
    @Test
    void aLargeResponseHeadPasses() throws Exception {
        String lines = ("X-More: " + "y".repeat(1_000) + "\r\n").repeat(60);
        try (Scene scene = Scene.before(ScriptedTarget.answering("HTTP/1.1 200 OK\r\n" + lines
                + "Content-Length: 2\r\n\r\nok"), engine)) {
            Message answer = scene.ask(GET);
            assertEquals(60, answer.headers("x-more").size());
            assertEquals("ok", answer.body());
        }
    }
}
