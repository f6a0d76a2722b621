package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /**
     * OpenSSL's own client comes back with the ticket that it got the time before, since one of TLS 1.3 is good for one
     * connection: also over a turn of the keys, but not after two.
     */
    @Test
    void aClientThatComesBackAgainAndAgainResumesEachTime() throws Exception {
        assumeTrue(OpenSsl.isAvailable(), "no OpenSSL 3 on this machine");
        Keyring keys = new Keyring();
        AtomicReference<Instant> time = new AtomicReference<>(NOON.plus(Duration.ofHours(10)));
        Path session = Files.createTempFile("session", ".pem");
        try (TestPlane plane = TestPlane.start(TlsEngine.OPENSSL, keys, time::get)) {
            assertEquals(List.of(), plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: https, certificates: [web] } ]
                        routes: [ { respond: { status: 200, body: "yes" } } ]
                    certificates:
                    """ + keys.served("web", keys.issue("shop.example.com"))));
            String ask = "printf 'GET / HTTP/1.1\\r\\nHost: shop.example.com\\r\\nConnection: close\\r\\n\\r\\n' | "
                    + "openssl s_client -ign_eof -tls1_3 -connect 127.0.0.1:%d -servername shop.example.com -sess_out %s"
                    .formatted(plane.port("shop/web"), session);
            String comeBack = ask + " -sess_in " + session;
            assertResumed(false, Peer.run("sh", "-c", ask));
            for (int hours : new int[] {0, 0, 12, 0, 12}) {
                String ticket = Files.readString(session);
                time.set(time.get().plus(Duration.ofHours(hours)));
                assertResumed(true, Peer.run("sh", "-c", comeBack));
                boolean isNew = !ticket.equals(Files.readString(session));
                assertTrue(isNew, "no ticket for the next time, " + hours + " hours later");
            }
            time.set(time.get().plus(Duration.ofHours(24)));
            assertResumed(false, Peer.run("sh", "-c", comeBack));
        } finally {
            Files.delete(session);
        }
    }

    private static void assertResumed(boolean resumed, String said) {
        assertEquals(resumed, said.contains("Reused, TLSv1.3"), said);
        assertEquals(!resumed, said.contains("New, TLSv1.3"), said);
    }

    /** A ticket is good over one turn, on every node, and also where the clock is a little behind; over two it is not. */
    @ParameterizedTest
    @CsvSource({"TLSv1.2, 11, 12, true", "TLSv1.3, 11, 12, true", "TLSv1.3, 12, 11, true", "TLSv1.2, 0, 24, false",
        "TLSv1.3, 0, 24, false"})
    void aSessionOutlivesOneTurnOfTheKeys(String version, int began, int resumes, boolean good) throws Exception {
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
        AtomicReference<Instant> time = new AtomicReference<>(NOON.plus(Duration.ofHours(began)));
        try (TestPlane one = TestPlane.start(TlsEngine.OPENSSL, keys, time::get);
                TestPlane other = TestPlane.start(TlsEngine.OPENSSL, keys, time::get)) {
            assertEquals(List.of(), one.apply(document.formatted("127.0.0.1:0")));
            int port = one.port("shop/web");
            assertEquals(List.of(), other.apply(document.formatted("127.0.0.2:" + port)));
            SSLContext client = keys.context();
            long session = ask(client, "127.0.0.1", port, version);
            time.set(NOON.plus(Duration.ofHours(resumes)));
            assertEquals(good, session == ask(client, "127.0.0.2", port, version));
            assertEquals(good, session == ask(client, "127.0.0.1", port, version));
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
