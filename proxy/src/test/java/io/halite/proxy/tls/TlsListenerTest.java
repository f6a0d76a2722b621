package io.halite.proxy.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import io.halite.proxy.traffic.Traffic.ListenerTraffic;
import java.io.IOException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of an https listener meets: handshakes, good and bad, and requests behind them. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@CsvSource({"EPOLL, JSSE", "SELECTOR, JSSE", "EPOLL, OPENSSL", "SELECTOR, OPENSSL"})
class TlsListenerTest {
    @Parameter(0)
    Engine engine = Engine.AUTO;

    @Parameter(1)
    TlsEngine tls = TlsEngine.AUTO;

    private SecureScene scene(ScriptedTarget target) throws Exception {
        return SecureScene.before(target, engine, tls);
    }

    private static ListenerTraffic traffic(SecureScene scene) {
        return scene.plane().plane().traffic().listeners().stream()
                .filter(listener -> listener.listener().equals("shop/secure")).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void requestsAreAnsweredOnOneConnection(String version) throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.echo());
                SSLSocket socket = scene.socket("shop.example.com", version)) {
            Wire client = new Wire(socket);
            for (int round = 0; round < 20; round++) {
                String body = "x".repeat(round * 1_000);
                Message response = client.ask("POST /" + round + " HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
                assertEquals(200, response.status());
                assertEquals("POST /" + round + " HTTP/1.1\n" + body, response.body());
                assertEquals("https", scene.target().take().header("x-forwarded-proto").orElseThrow());
            }
            assertEquals(version, socket.getSession().getProtocol());
            assertEquals("h2", socket.getApplicationProtocol());
            assertEquals(1, traffic(scene).handshakes());
            assertEquals(1, traffic(scene).accepted());
        }
    }

    @Test
    void pipelinedRequestsInOneRecordAreAllAnswered() throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.ok("yes")); Wire client = scene.client()) {
            client.send(SecureScene.GET.repeat(40));
            for (int count = 0; count < 40; count++) {
                assertEquals("yes", client.response().body());
            }
        }
    }

    /** Each request in a record of its own, far ahead of the responses: what is left of a record is no record. */
    @Test
    void aClientFarAheadIsHeldBackAndNothingIsLost() throws Exception {
        int count = 2_000;
        try (SecureScene scene = scene(ScriptedTarget.echo()); Wire client = scene.client()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int number = 0; number < count; number++) {
                        client.send("GET /" + number + " HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(300) + "\r\n\r\n");
                    }
                } catch (IOException ended) {
                    Thread.currentThread().interrupt();
                }
            });
            for (int number = 0; number < count; number++) {
                assertEquals("GET /" + number + " HTTP/1.1\n", client.response().body());
            }
            sender.join();
        }
    }

    @Test
    void plainHttpIsToldWhatIsWrong() throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.ok("never")); Wire client = scene.plainClient()) {
            Message response = client.ask(SecureScene.GET);
            assertEquals(400, response.status());
            assertTrue(response.body().contains("https://"), response.body());
            assertTrue(client.isEnded());
            await().until(() -> traffic(scene).handshakesFailed() == 1);
            assertEquals(200, scene.ask().status());
        }
    }

    @Test
    void garbageEndsTheConnectionAndNothingElse() throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.ok("yes"))) {
            byte[] hello = {22, 3, 1, 0, 5, 1, 0, 0, 1, 9};
            byte[] huge = {22, 3, 1, (byte) 0xff, (byte) 0xff, 1};
            for (byte[] garbage : new byte[][] {hello, huge, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {(byte) 0x80, 2, 0, 0}}) {
                try (Wire client = scene.plainClient()) {
                    client.send(garbage);
                    client.finish();
                    client.readAll();
                } catch (IOException reset) {
                    assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.getMessage());
                }
            }
            await().until(() -> traffic(scene).handshakesFailed() == 4);
            assertEquals(0, scene.plane().plane().traffic().loops().getFirst().exceptions());
            assertEquals(200, scene.ask().status());
        }
    }

    @Test
    void aHandshakeThatDoesNotComeIsNotWaitedForForever() throws Exception {
        try (SecureScene scene = SecureScene.before(ScriptedTarget.ok("yes"), engine, tls, "2s");
                Wire client = scene.plainClient()) {
            client.send(new byte[] {22, 3, 1});
            assertTrue(client.isEnded());
            assertEquals(1, traffic(scene).handshakesFailed());
        }
    }

    @Test
    void aHandshakeInSingleOctetsWorks() throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.ok("yes")); DripProxy drip = DripProxy.to(scene.port());
                SSLSocket socket = (SSLSocket) scene.keyring().context().getSocketFactory().createSocket(
                        drip.connect(), "shop.example.com", drip.port(), true)) {
            assertEquals("yes", new Wire(socket).ask(SecureScene.GET).body());
        }
    }

    @Test
    void newKeysMayBeAskedForButNoNewHandshake() throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.ok("yes"))) {
            try (SSLSocket socket = scene.socket("shop.example.com", "TLSv1.3")) {
                Wire client = new Wire(socket);
                for (int round = 0; round < 5; round++) {
                    assertEquals("yes", client.ask(SecureScene.GET).body());
                    // In TLS 1.3 this asks for a key update.
                    socket.startHandshake();
                }
            }
            try (SSLSocket socket = scene.socket("shop.example.com", "TLSv1.2")) {
                Wire client = new Wire(socket);
                assertEquals("yes", client.ask(SecureScene.GET).body());
                assertThrows(IOException.class, () -> {
                    socket.startHandshake();
                    client.ask(SecureScene.GET);
                });
            }
            assertEquals(200, scene.ask().status());
        }
    }

    @Test
    void aSessionIsResumed() throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.ok("yes"))) {
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                SSLContext context = scene.keyring().context();
                try (SSLSocket first = scene.socket(context, "shop.example.com", version);
                        SSLSocket second = scene.socket(context, "shop.example.com", version)) {
                    assertEquals("yes", new Wire(first).ask(SecureScene.GET).body());
                    assertEquals("yes", new Wire(second).ask(SecureScene.GET).body());
                    assertEquals(first.getSession().getCreationTime(), second.getSession().getCreationTime(), version);
                }
            }
        }
    }

    @Test
    void aClientThatTrustsAnotherAuthorityLeaves() throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.ok("yes"));
                SSLSocket socket = scene.socket(new io.halite.proxy.testing.Keyring().context(), "shop.example.com")) {
            assertThrows(SSLHandshakeException.class, socket::startHandshake);
            await().until(() -> traffic(scene).handshakesFailed() + traffic(scene).handshakes() == 1);
        }
    }

    @Test
    void theEndOfAClientIsNoticedAndAnnounced() throws Exception {
        try (SecureScene scene = scene(ScriptedTarget.ok("yes"))) {
            try (Wire client = scene.client("TLSv1.3")) {
                assertEquals("yes", client.ask(SecureScene.GET).body());
                // Half-closed: the request is whole, the answer still comes.
                client.send("GET / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n").finish();
                assertEquals("yes", client.response().body());
                assertTrue(client.isEnded());
            }
            try (Wire client = scene.client()) {
                Message response = client.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                assertEquals("close", response.header("connection").orElseThrow());
                // A truncated stream would be an exception here.
                assertEquals("", client.readAll());
            }
            await().until(() -> traffic(scene).open() == 0);
        }
    }
}
