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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9110 §10.1.1 (Expect), §15.2 (1xx) and §7.8 (Upgrade). */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class InterimTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";

    @Parameter
    Engine engine;

    private static String readHead(Wire wire) throws java.io.IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            String octet = wire.read(1);
            if (octet.isEmpty()) {
                throw new java.io.IOException("ended in a head: " + head);
            }
            head.append(octet);
        }
        return head.toString();
    }

    @Test
    void continueIsAskedForAndGranted() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            while (true) {
                assertTrue(readHead(wire).contains("Expect: 100-continue"));
                wire.send("HTTP/1.1 100 Continue\r\n\r\n");
                assertEquals("abc", wire.read(3));
                wire.send(OK);
            }
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            for (int round = 0; round < 2; round++) {
                Message interim = client.ask(Wire.head("POST / HTTP/1.1", "Host: a", "Expect: 100-continue",
                        "Content-Length: 3"));
                assertEquals(100, interim.status());
                assertEquals(200, client.ask("abc").status());
            }
            assertEquals(1, target.connections());
        }
    }

    /** The final response without the body having been wanted ends both connections. */
    @Test
    void continueCanBeDenied() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            readHead(wire);
            wire.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
            wire.readAll();
            self.note("closed");
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            assertEquals(417, client.ask(Wire.head("POST / HTTP/1.1", "Host: a", "Expect: 100-continue",
                    "Content-Length: 3")).status());
            assertTrue(client.isEnded());
            await().until(() -> target.noted("closed"));
        }
    }

    /** RFC 9110 §10.1.1: of a client of HTTP/1.0 the expectation is ignored, and it gets no 1xx. */
    @Test
    void http10KnowsNoInterimResponses() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            assertFalse(readHead(wire).contains("Expect"));
            wire.send("HTTP/1.1 100 Continue\r\n\r\n" + OK);
            wire.readAll();
        });
        try (Scene scene = Scene.before(target, engine)) {
            assertEquals(200, scene.ask(Wire.head("POST / HTTP/1.0", "Expect: 100-continue", "Content-Length: 3")
                    + "abc").status());
        }
    }

    @Test
    void otherInterimResponsesArePassedOn() throws Exception {
        String early = "HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n";
        ScriptedTarget target = ScriptedTarget.answering("HTTP/1.1 102 Processing\r\n\r\n" + early + early + OK);
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            for (int round = 0; round < 3; round++) {
                assertEquals(102, client.ask(Wire.head("GET / HTTP/1.1", "Host: a")).status());
                Message hints = client.response();
                assertEquals(103, hints.status());
                assertEquals("</s.css>; rel=preload", hints.header("link").orElseThrow());
                assertEquals(103, client.response().status());
                assertEquals("x", client.response().body());
            }
            assertEquals(1, target.connections());
        }
    }

    /** A WebSocket, or any other protocol: after 101 the bytes are theirs, in both directions and to the end of each. */
    @Test
    void anUpgradeBecomesATunnel() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            Message request = self.read(wire);
            assertEquals("websocket", request.header("upgrade").orElseThrow());
            assertEquals("Upgrade", request.header("connection").orElseThrow());
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: abc\r\n\r\nhello");
            String got = wire.readAll();
            wire.send("got " + got.length());
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            Message answer = client.ask(Wire.head("GET /chat HTTP/1.1", "Host: a", "Connection: keep-alive, Upgrade",
                    "Upgrade: websocket", "Sec-WebSocket-Key: x") + "early");
            assertEquals(101, answer.status());
            assertEquals("websocket", answer.header("upgrade").orElseThrow());
            assertEquals("Upgrade", answer.header("connection").orElseThrow());
            assertEquals("abc", answer.header("sec-websocket-accept").orElseThrow());
            assertEquals("hello", client.read(5));
            client.send("y".repeat(300_000));
            client.finish();
            assertEquals("got 300005", client.readAll());
            await().until(() -> scene.plane().plane().traffic().listeners().getFirst().open() == 0);
            assertEquals(1, scene.plane().plane().traffic().series().getFirst().codes().get(101));
        }
    }

    /** A target that does not want to switch answers as ever, and the connection serves on. */
    @Test
    void anUpgradeCanBeDeclined() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.answering(OK), engine); Wire client = scene.client()) {
            for (int round = 0; round < 2; round++) {
                assertEquals(200, client.ask(Wire.head("GET / HTTP/1.1", "Host: a", "Connection: Upgrade",
                        "Upgrade: websocket")).status());
            }
        }
    }

    /** RFC 9110 §15.5.22: the protocol that is required is named to the client. */
    @Test
    void upgradeRequiredNamesTheProtocol() throws Exception {
        String response = "HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.0\r\nConnection: Upgrade\r\n"
                + "Content-Length: 0\r\n\r\n";
        try (Scene scene = Scene.before(ScriptedTarget.answering(response), engine)) {
            Message answer = scene.ask(Wire.head("GET / HTTP/1.1", "Host: a"));
            assertEquals("TLS/1.0", answer.header("upgrade").orElseThrow());
        }
    }
}
