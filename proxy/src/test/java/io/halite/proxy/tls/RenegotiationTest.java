package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that want to shake hands again in the middle of a conversation: a cheap way to have a server work. */
class RenegotiationTest {

    @ParameterizedTest
    @CsvSource({"EPOLL, JSSE", "EPOLL, OPENSSL", "SELECTOR, OPENSSL"})
    void harmNobodyElse(Engine engine, TlsEngine tls) throws Exception {
        try (SecureScene scene = SecureScene.before(ScriptedTarget.ok("yes"), engine, tls)) {
            for (int round = 0; round < 5; round++) {
                try (SSLSocket socket = scene.socket("shop.example.com", "TLSv1.2")) {
                    Wire client = new Wire(socket);
                    assertEquals("yes", client.ask(SecureScene.GET).body());
                    assertEndsOrGoesOn(socket, client);
                }
                assertEquals("yes", scene.ask().body());
            }
        }
    }

    /** Neither shakes hands anew: one implementation says no and goes on, the other ends the connection. */
    private static void assertEndsOrGoesOn(SSLSocket socket, Wire client) {
        long began = socket.getSession().getCreationTime();
        try {
            socket.startHandshake();
            assertEquals("yes", client.ask(SecureScene.GET).body());
            assertEquals(began, socket.getSession().getCreationTime());
        } catch (IOException refused) {
            assertTrue(client.isEnded());
        }
    }
}
