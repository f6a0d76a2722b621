package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.TlsTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners of protocol tls: the server name chooses the pool, and the target ends TLS (RFC 6066 §3, RFC 8446 §4). */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class TlsPassthroughTest {
    @TempDir
    static Path directory;

    private static TlsTarget shop;
    private static TlsTarget other;

    @Parameter
    Engine engine;

    @BeforeAll
    static void start() throws Exception {
        shop = TlsTarget.named("shop", directory);
        other = TlsTarget.named("other", directory);
    }

    @AfterAll
    static void stop() throws IOException {
        shop.close();
        other.close();
    }

    private TestPlane plane(String listener) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        apply(plane, listener);
        return plane;
    }

    private static void apply(TestPlane plane, String listener) throws Exception {
        int dead = Ports.free();
        assertTrue(plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  edge:
                    listeners: [ { name: tls, address: "127.0.0.1:0", protocol: tls, %s } ]
                    timeouts: { requestHeader: 5s }
                pools:
                  shop: { check: none, algorithm: first, targets: [ "127.0.0.1:%d", "%s" ] }
                  other: { check: none, targets: [ "%s" ] }
                """.formatted(listener, dead, shop.address(), other.address())).isEmpty());
    }

    /** Shakes hands with whoever is behind a name, sends a line and gets it back; the name in the certificate. */
    private static String reached(TestPlane plane, String name) throws Exception {
        try (SSLSocket socket = (SSLSocket) TlsTarget.trusting().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), plane.port("edge/tls"))) {
            socket.setSoTimeout(120_000);
            if (!name.isEmpty()) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            byte[] line = "hello".getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(line);
            assertEquals("hello", new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName().replace("CN=", "");
        }
    }

    /** A fatal alert as a record. */
    private static String alert(int code) {
        return "\u0015\u0003\u0001\u0000\u0002\u0002" + (char) code;
    }

    private static long refused(TestPlane plane, String reason) {
        return plane.plane().traffic().refused().getOrDefault(reason, 0L);
    }

    /** Also past a dead target: what was read of the client is sent to the next. */
    @Test
    void theNameChoosesThePool() throws Exception {
        try (TestPlane plane = plane("pool: other, serverNames: { shop.example: shop, \"*.shop.example\": shop }")) {
            assertEquals("shop", reached(plane, "shop.example"));
            assertEquals("shop", reached(plane, "SHOP.example"));
            assertEquals("shop", reached(plane, "www.shop.example"));
            assertEquals("other", reached(plane, "elsewhere.example"));
            assertEquals("other", reached(plane, ""));
            // Names change while the listener stays.
            int port = plane.port("edge/tls");
            apply(plane, "pool: shop, serverNames: { shop.example: other }");
            assertEquals(port, plane.port("edge/tls"));
            assertEquals("other", reached(plane, "shop.example"));
            assertEquals("shop", reached(plane, ""));
            await().until(() -> plane.plane().traffic().listeners().getFirst().open() == 0);
        }
    }

    @Test
    void withoutADefaultOthersHearWhy() throws Exception {
        try (TestPlane plane = plane("serverNames: { shop.example: shop }")) {
            assertEquals("shop", reached(plane, "shop.example"));
            SSLException unknown = assertThrows(SSLException.class, () -> reached(plane, "elsewhere.example"));
            assertTrue(unknown.getMessage().contains("unrecognized_name"), unknown::getMessage);
            SSLException missing = assertThrows(SSLException.class, () -> reached(plane, ""));
            assertTrue(missing.getMessage().contains("missing_extension"), missing::getMessage);
            assertEquals(1, refused(plane, "UNKNOWN_SERVER_NAME"));
            assertEquals(1, refused(plane, "NO_SERVER_NAME"));
            await().until(() -> plane.plane().traffic().listeners().getFirst().open() == 0);
        }
    }

    @Test
    void whatIsNoTlsIsCutOff() throws Exception {
        try (TestPlane plane = plane("pool: other")) {
            try (Wire client = Wire.to(plane.port("edge/tls"))) {
                assertTrue(client.send("GET / HTTP/1.1\r\n\r\n").isEnded());
            }
            try (Wire client = Wire.to(plane.port("edge/tls"))) {
                // The alert decode_error, then the end.
                assertEquals(alert(50),
                        client.send("\u0016\u0003\u0001\u0000\u0004\u0002\u0000\u0000\u0000").readAll());
            }
            try (Wire silent = Wire.to(plane.port("edge/tls")); Wire slow = Wire.to(plane.port("edge/tls"))) {
                slow.send("\u0016\u0003");
                assertTrue(silent.isEnded());
                assertTrue(slow.isEnded());
            }
            assertEquals(1, refused(plane, "NOT_TLS"));
            assertEquals(1, refused(plane, "BAD_CLIENT_HELLO"));
            assertEquals(2, refused(plane, "CLIENT_HELLO_TIMEOUT"));
            assertEquals(0, plane.plane().traffic().listeners().getFirst().open());
        }
    }

    /** A hello of sixteen thousand one-byte records is still bounded. */
    @Test
    void theHelloIsBounded() throws Exception {
        try (TestPlane plane = plane("pool: other"); Wire client = Wire.to(plane.port("edge/tls"))) {
            StringBuilder drips = new StringBuilder("\u0016\u0003\u0001\u0000\u0004\u0001\u0000@\u0000");
            // Not a byte more than is read, or a reset would overtake the alert.
            drips.append("\u0016\u0003\u0001\u0000\u0001x".repeat(5_459)).append("\u0016\u0003\u0001\u0000\u0001");
            client.send(drips.toString());
            assertEquals(alert(40), client.read(7));
            assertEquals(1, refused(plane, "CLIENT_HELLO_TOO_LARGE"));
        }
    }

    @Test
    void opensslAndCurlGetThrough() throws Exception {
        try (TestPlane plane = plane("pool: other, serverNames: { shop.example: shop }")) {
            String at = "127.0.0.1:" + plane.port("edge/tls");
            String named = Peer.run("openssl", "s_client", "-connect", at, "-servername", "shop.example");
            assertTrue(named.contains("CN = shop") || named.contains("CN=shop"), named);
            String nameless = Peer.run("openssl", "s_client", "-connect", at, "-noservername", "-tls1_2");
            assertTrue(nameless.contains("CN = other") || nameless.contains("CN=other"), nameless);
            // The echo is no HTTP, but curl shows whose certificate it met.
            String curl = Peer.run("curl", "-skv", "--http0.9", "--max-time", "5", "--resolve",
                    "shop.example:" + plane.port("edge/tls") + ":127.0.0.1",
                    "https://shop.example:" + plane.port("edge/tls") + "/");
            assertTrue(curl.contains("CN=shop"), curl);
        }
    }
}
