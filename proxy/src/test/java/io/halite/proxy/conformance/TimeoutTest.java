package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are slow or silent: every wait has an end. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class TimeoutTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    /** Short, but longer than a busy machine lets a test wait for its turn. */
    private static final String SHORT =
            "timeouts: { requestHeader: 3s, requestBody: 3s, idle: 4s, tunnel: 4s }";

    @Parameter
    Engine engine;

    @Test
    void aSlowHeadIsAnswered408() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine, SHORT); Wire client = scene.client()) {
            Message answer = client.ask("GET / HTTP/1.1\r\nHost: a\r\nX");
            assertEquals(408, answer.status());
            assertTrue(answer.body().contains("code: REQUEST_TIMEOUT"));
            assertTrue(client.isEnded());
        }
    }

    /** A head that comes in drops has one deadline for the whole, not one for each drop. */
    @Test
    void dribblingDoesNotExtendTheDeadline() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine, SHORT); Wire client = scene.client()) {
            client.send("GET / HTTP/1.1\r\n");
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                client.send("X: y\r\n");
                return client.hasInput();
            });
            assertEquals(408, client.response().status());
        }
    }

    @Test
    void aSilentNewConnectionIsClosedWithoutAWord() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine, SHORT); Wire client = scene.client()) {
            assertTrue(client.isEnded());
        }
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine, SHORT); Wire client = scene.client()) {
            assertEquals(200, client.ask(GET).status());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aSlowBodyIsAnswered408() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.readAll();
            self.note("closed");
        });
        try (Scene scene = Scene.before(target, engine, SHORT); Wire client = scene.client()) {
            Message answer = client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            assertEquals(408, answer.status());
            assertTrue(answer.body().contains("code: BODY_TIMEOUT"));
            await().until(() -> target.noted("closed"));
        }
    }

    /** A byte now and then does not hold a connection for ever. */
    @Test
    void aBodyThatDripsIsAnswered408() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.readAll();
            self.note("closed");
        });
        try (Scene scene = Scene.before(target, engine, SHORT); Wire client = scene.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                client.send("x");
                return client.hasInput();
            });
            Message answer = client.response();
            assertEquals(408, answer.status());
            assertTrue(answer.body().contains("code: BODY_TIMEOUT"));
            await().until(() -> target.noted("closed"));
        }
    }

    /** Both sides talk at the same time, as seldom as they like, once the target has begun to answer. */
    @Test
    void aConversationMayDrip() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int turn = 0; turn < 20; turn++) {
                wire.send("1\r\n" + wire.read(1) + "\r\n");
            }
            wire.send("0\r\n\r\n");
        });
        String patient = "timeouts: { requestBody: 5s, idle: 5s }\n    limits: { requestRate: 1KiB }";
        try (Scene scene = Scene.before(target, engine, patient); Wire client = scene.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n");
            int[] sent = {0};
            await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(60)).until(() -> {
                client.send("x");
                sent[0]++;
                return sent[0] == 20;
            });
            assertEquals("x".repeat(20), client.response().body());
        }
    }

    /** A body may come slowly: what counts is the rate. */
    @Test
    void aSteadyBodyIsServed() throws Exception {
        String steady = "timeouts: { requestBody: 5s }\n    limits: { requestRate: 1B }";
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine, steady); Wire client = scene.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
            int[] sent = {0};
            await().pollInterval(Duration.ofMillis(400)).until(() -> {
                client.send(String.valueOf(sent[0]));
                sent[0]++;
                return sent[0] == 10;
            });
            assertTrue(client.response().body().endsWith("\n0123456789"));
        }
    }

    /** A client that does not read its response is cut off, and the target with it. */
    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            try {
                while (true) {
                    wire.send(new byte[100_000]);
                }
            } catch (java.io.IOException cut) {
                self.note("cut off");
            }
        });
        try (Scene scene = Scene.before(target, engine, SHORT); Wire client = scene.client()) {
            client.send(GET);
            await().until(() -> target.noted("cut off"));
        }
    }

    /** One that takes a little now and then is cut off too. */
    @Test
    void aClientThatSipsIsCutOff() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            try {
                while (true) {
                    wire.send(new byte[100_000]);
                }
            } catch (java.io.IOException cut) {
                self.note("cut off");
            }
        });
        String greedy = SHORT + "\n    limits: { responseRate: 1MiB }";
        try (Scene scene = Scene.before(target, engine, greedy); Wire client = scene.client()) {
            client.send(GET);
            await().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(60)).until(() -> {
                client.read(8192);
                return target.noted("cut off");
            });
            assertEquals(1L, scene.plane().plane().traffic().refused().get("SLOW_READER"));
        }
    }

    /**
     * A client that is slow but steady is served, though the kernel's buffer is so large that it has no room for more for
     * longer than a client may be idle.
     */
    @Test
    @Tag("long")
    void aClientThatReadsSlowlyIsServed() throws Exception {
        assumeTrue(engine == Engine.EPOLL, "the JDK does not tell what a peer has taken");
        String content = "x".repeat(16 << 20);
        String response = "HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content;
        try (Scene scene = Scene.before(ScriptedTarget.answering(response), engine, "timeouts: { idle: 5s }");
                Wire client = scene.client()) {
            client.send(GET);
            int[] got = {0};
            await().pollInterval(Duration.ofMillis(100)).atMost(Duration.ofMinutes(3)).until(() -> {
                got[0] += client.read(16 << 10).length();
                return got[0] == 4 << 20;
            });
            assertNull(scene.plane().plane().traffic().refused().get("SLOW_READER"));
        }
    }

    /** Events are rare by nature; the silence of another response has the time that idle connections have. */
    @ParameterizedTest
    @CsvSource({"text/event-stream, true", "Text/Event-Stream; charset=utf-8, true", "text/event-streams, false",
        "text/plain, false"})
    void eventsMayBeLongInComing(String type, boolean served) throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send(Wire.head("HTTP/1.1 200 OK", "Content-Type: " + type, "Content-Length: 20") + "data: one\n");
            await().until(() -> self.noted("time has passed"));
            wire.send("data: two\n");
        });
        try (Scene scene = Scene.before(target, engine, "timeouts: { idle: 600ms, tunnel: 5m }");
                Wire client = scene.client()) {
            client.send(GET).readHead();
            assertEquals("data: one\n", client.read(10));
            if (served) {
                await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
                target.note("time has passed");
                assertEquals("data: two\n", client.read(10));
            } else {
                assertTrue(client.isEnded());
                target.note("time has passed");
            }
        }
    }

    @Test
    void aSilentTunnelIsClosed() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
            wire.readAll();
            self.note("closed");
        });
        try (Scene scene = Scene.before(target, engine, SHORT); Wire client = scene.client()) {
            assertEquals(101, client.ask(Wire.head("GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: x"))
                    .status());
            assertTrue(client.isEnded());
            await().until(() -> target.noted("closed"));
        }
    }
}
