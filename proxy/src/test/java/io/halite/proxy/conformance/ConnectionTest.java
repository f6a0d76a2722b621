package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 §9: how long connections live, on both sides, and that what is clean is used again. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class ConnectionTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    Engine engine;

    /** RFC 9112 §9.3. */
    @Test
    void connectionsPersistOnBothSides() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine); Wire client = scene.client()) {
            for (int round = 0; round < 20; round++) {
                Message answer = client.ask(GET);
                assertEquals("x", answer.body());
                assertFalse(answer.header("connection").isPresent());
            }
            assertEquals(1, scene.target().connections());
        }
    }

    @Test
    void connectionsToTargetsAreSharedByClients() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine)) {
            for (int round = 0; round < 5; round++) {
                assertEquals(200, scene.ask(GET).status());
            }
            assertEquals(1, scene.target().connections());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 | close             | close      | true
            HTTP/1.1 | Close             | close      | true
            HTTP/1.1 | foo, close        | close      | true
            HTTP/1.1 | keep-alive        |            | false
            HTTP/1.0 | x                 | close      | true
            HTTP/1.0 | keep-alive        | keep-alive | false
            HTTP/1.0 | keep-alive, close | close      | true
            """)
    void theClientDecides(String version, String option, String expected, boolean ends) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine); Wire client = scene.client()) {
            String request = "GET / " + version + "\r\nHost: a\r\nConnection: " + option + "\r\n\r\n";
            Message answer = client.ask(request);
            assertEquals(expected, answer.header("connection").orElse(null));
            if (ends) {
                assertTrue(client.isEnded());
            } else {
                assertEquals(200, client.ask(request).status());
            }
        }
    }

    /** RFC 9112 §9.3.2: pipelined requests are answered in order, whoever answers them. */
    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine); Wire client = scene.client()) {
            StringBuilder all = new StringBuilder();
            for (int number = 0; number < 50; number++) {
                all.append(number % 7 == 3 ? "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
                        : "POST /" + number + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            }
            client.send(all.toString());
            for (int number = 0; number < 50; number++) {
                Message answer = client.response();
                assertEquals(200, answer.status());
                assertEquals(number % 7 == 3 ? "" : "POST /" + number + " HTTP/1.1\nabc", answer.body());
            }
            assertEquals(1, scene.target().connections());
        }
    }

    /** A client that sends far ahead is held by the kernel, not by the proxy, and nothing is lost. */
    @Test
    void manyPipelinedRequestsStayInBounds() throws Exception {
        int count = 5_000;
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine); Wire client = scene.client()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int number = 0; number < count; number++) {
                        client.send("GET /" + number + " HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(300) + "\r\n\r\n");
                    }
                } catch (java.io.IOException ended) {
                    Thread.currentThread().interrupt();
                }
            });
            for (int number = 0; number < count; number++) {
                assertEquals("GET /" + number + " HTTP/1.1\n", client.response().body());
            }
            sender.join();
        }
    }

    /** RFC 9112 §9.6: a client that ended its side still gets its response. */
    @Test
    void aHalfClosedClientGetsItsResponse() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            await().until(() -> ended.getCount() == 0);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            wire.readAll();
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            client.send(GET);
            target.take();
            client.finish();
            ended.countDown();
            assertEquals("x", client.response().body());
            assertTrue(client.isEnded());
        }
    }

    /** The same with all of the pipeline sent before. */
    @Test
    void aHalfClosedPipelineIsAnsweredWhole() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine); Wire client = scene.client()) {
            client.send(GET + GET + GET);
            client.finish();
            for (int round = 0; round < 3; round++) {
                assertEquals("x", client.response().body());
            }
            assertTrue(client.isEnded());
        }
    }

    /** A client that leaves while it waits takes its request along. */
    @Test
    void aClientThatResetsEndsItsRequest() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            assertTrue(wire.isEnded());
            self.note("gone");
        });
        try (Scene scene = Scene.before(target, engine)) {
            Wire client = scene.client();
            client.send(GET);
            target.take();
            client.reset();
            await().until(() -> target.noted("gone"));
            await().until(() -> scene.plane().plane().inFlight(
                    new io.halite.config.TargetRef("app", "one")) == 0);
        }
    }

    /** What a target sends beyond its response belongs to nobody, and its connection is not used again. */
    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
        "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"})
    void dirtyOrClosingConnectionsAreNotUsedAgain(String response) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.answering(response), engine); Wire client = scene.client()) {
            for (int round = 1; round <= 3; round++) {
                assertEquals("x", client.ask(GET).body());
                assertEquals(round, scene.target().connections());
            }
            assertFalse(client.hasInput());
        }
    }

    /** Bytes that come later, while the connection is idle, end it as well. */
    @Test
    void anIdleConnectionThatSpeaksIsClosed() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            await().until(() -> self.noted("answered"));
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            if (wire.isEnded()) {
                self.note("closed");
            }
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            assertEquals("x", client.ask(GET).body());
            target.note("answered");
            await().until(() -> target.noted("closed"));
            client.send(GET);
            assertEquals("x", client.response().body());
            assertEquals(2, target.connections());
        }
    }

    /** RFC 9112 §9.5: an early response; the rest of the body is for nobody. */
    @Test
    void anEarlyResponseReachesTheClientAndEndsBothConnections() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.read(40);
            wire.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            wire.readAll();
            self.note("closed");
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc");
            Message answer = client.response();
            assertEquals(403, answer.status());
            assertEquals("close", answer.header("connection").orElseThrow());
            await().until(() -> target.noted("closed"));
            assertTrue(client.isEnded());
        }
    }

    /** A target that answers early and closes at once, with the body still coming: the answer is not lost. */
    @Test
    void anEarlyResponseSurvivesTheResetThatFollows() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.read(40);
            wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send("x".repeat(300_000));
                } catch (java.io.IOException refused) {
                    target.note("sender stopped");
                }
            });
            assertEquals(413, client.response().status());
            sender.join();
        }
    }

    /** RFC 9110 §15.2: a full-duplex exchange, in which the response flows before the request is complete. */
    @Test
    void bothBodiesFlowAtTheSameTime() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += wire.read(1);
            }
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int round = 0; round < 10; round++) {
                wire.send("1\r\n" + wire.read(6).charAt(3) + "\r\n");
            }
            wire.send("0\r\n\r\n");
            wire.readAll();
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += client.read(1);
            }
            for (char digit = '0'; digit <= '9'; digit++) {
                client.send("1\r\n" + digit + "\r\n");
                assertEquals("1\r\n" + digit + "\r\n", client.read(6));
            }
            assertEquals("0\r\n\r\n", client.read(5));
        }
    }
}
