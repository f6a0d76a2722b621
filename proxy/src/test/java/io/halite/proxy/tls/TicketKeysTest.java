package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of tickets: the same on all nodes of a cluster, new twice a day. */
class TicketKeysTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void allNodesHaveTheSameAtOneTime() {
        TicketKeys one = new TicketKeys(new byte[32], () -> NOON);
        TicketKeys other = new TicketKeys(new byte[32], InstantSource.fixed(NOON.plus(Duration.ofHours(11))));
        assertEquals(one.period(), other.period());
        assertArrayEquals(one.keys(one.period()), other.keys(other.period()));
        assertEquals(80, one.keys(one.period()).length);
    }

    @Test
    void anotherClusterOrHalfADayLaterThereAreOthers() {
        byte[] secret = new byte[32];
        TicketKeys now = new TicketKeys(secret, () -> NOON);
        TicketKeys later = new TicketKeys(secret, () -> NOON.plus(Duration.ofHours(12)));
        secret[0] = 1;
        TicketKeys elsewhere = new TicketKeys(secret, () -> NOON);
        assertNotEquals(now.period(), later.period());
        assertFalse(Arrays.equals(now.keys(now.period()), later.keys(later.period())));
        assertFalse(Arrays.equals(now.keys(now.period()), elsewhere.keys(elsewhere.period())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionOfOneNodeIsResumedAtAnother(String version) throws Exception {
        assumeTrue(OpenSsl.isAvailable(), "no OpenSSL 3 on this machine");
        Keyring keys = new Keyring();
        String document = """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "%s", protocol: https, certificates: [web] } ]
                    routes: [ { respond: { status: 200, body: "yes" } } ]
                certificates:
                """ + keys.served("web", keys.issue("shop.example.com"));
        try (TestPlane one = TestPlane.start(Engine.AUTO, 1, keys, TlsEngine.OPENSSL);
                TestPlane other = TestPlane.start(Engine.AUTO, 2, keys, TlsEngine.OPENSSL)) {
            assertEquals(List.of(), one.apply(document.formatted("127.0.0.1:0")));
            // The client knows its sessions by the name and the port.
            int port = one.port("shop/web");
            assertEquals(List.of(), other.apply(document.formatted("127.0.0.2:" + port)));
            SSLContext client = keys.context();
            assertEquals(ask(client, "127.0.0.1", port, version), ask(client, "127.0.0.2", port, version));
        }
    }

    /** A resumed session shows no certificate again: one of a listener that asks for none must not open another. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionWithoutCertificateIsNoWayIntoAListenerThatRequiresOne(String version) throws Exception {
        assumeTrue(OpenSsl.isAvailable(), "no OpenSSL 3 on this machine");
        Keyring keys = new Keyring();
        String document = """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners:
                      - { name: web, address: "127.0.0.1:%d", protocol: https, certificates: [web] }
                      - { name: office, address: "127.0.0.2:%d", protocol: https, certificates: [web]%s }
                    routes: [ { respond: { status: 200, body: "yes" } } ]
                certificates:
                """ + keys.served("web", keys.issue("shop.example.com")) + keys.trusted("staff");
        try (TestPlane plane = TestPlane.start(Engine.AUTO, 1, keys, TlsEngine.OPENSSL)) {
            assertEquals(List.of(), plane.apply(document.formatted(0, 0, "")));
            // The client knows its sessions by the name and the port.
            int port = plane.port("shop/web");
            assertEquals(List.of(), plane.apply(document.formatted(port, port, "")));
            SSLContext client = keys.context();
            assertEquals(ask(client, "127.0.0.1", port, version), ask(client, "127.0.0.2", port, version));
            assertEquals(List.of(), plane.apply(document.formatted(port, port,
                    ", tls: { clientCertificates: { mode: required, authority: staff } }")));
            ask(client, "127.0.0.1", port, version);
            assertThrows(IOException.class, () -> ask(client, "127.0.0.2", port, version));
        }
    }

    /** Asks a node; when the session began. */
    private static long ask(SSLContext client, String address, int port, String version) throws IOException {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(
                new Socket(InetAddress.ofLiteral(address), port), "shop.example.com", port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            socket.setSSLParameters(parameters);
            assertEquals("yes", new Wire(socket).ask(SecureScene.GET).body());
            return socket.getSession().getCreationTime();
        }
    }
}
