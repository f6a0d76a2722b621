package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.ActivationFailure;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.NoSuchElementException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Which certificate a client is shown, and what becomes of one that cannot be. */
@ParameterizedClass
@CsvSource({"EPOLL, JSSE", "SELECTOR, JSSE", "EPOLL, OPENSSL", "SELECTOR, OPENSSL"})
class CertificatesTest {
    @Parameter(0)
    Engine engine = Engine.AUTO;

    @Parameter(1)
    TlsEngine tls = TlsEngine.AUTO;

    private SecureScene scene() throws Exception {
        return SecureScene.before(ScriptedTarget.ok("yes"), engine, tls);
    }

    /** The subject of the certificate that a client is shown who asks for a name. */
    private static String shown(SecureScene scene, String serverName) throws IOException {
        return shown(scene.socket(serverName));
    }

    private static String shown(SSLSocket socket) throws IOException {
        try (socket) {
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    @Test
    void aClientIsShownTheCertificateOfTheNameItAsksFor() throws Exception {
        try (SecureScene scene = scene()) {
            Keyring keys = scene.keyring();
            StringBuilder many = new StringBuilder();
            StringBuilder names = new StringBuilder("first, wild, two");
            for (int at = 0; at < 200; at++) {
                many.append(keys.served("c" + at, keys.issue("host-" + at + ".example.org")));
                names.append(", c").append(at);
            }
            assertEquals(List.of(), scene.apply(names.toString(), "",
                    keys.served("first", keys.issue("default.example.com"))
                            + keys.served("wild", keys.issue("*.example.com"))
                            + keys.served("two", keys.issue("www.example.net", "example.net")) + many));
            assertEquals("CN=default.example.com", shown(scene, "default.example.com"));
            assertEquals("CN=*.example.com", shown(scene, "anything.example.com"));
            assertEquals("CN=*.example.com", shown(scene, "AnyThing.Example.COM"));
            assertEquals("CN=www.example.net", shown(scene, "www.example.net"));
            assertEquals("CN=www.example.net", shown(scene, "example.net"));
            for (int at = 0; at < 200; at += 37) {
                assertEquals("CN=host-" + at + ".example.org", shown(scene, "host-" + at + ".example.org"));
            }
            // Names that nobody knows, a wildcard's own and too deep ones, and no name: the first one.
            assertEquals("CN=default.example.com", shown(scene, "unknown.example.org"));
            assertEquals("CN=default.example.com", shown(scene, "a.b.example.com"));
            assertEquals("CN=default.example.com", shown(scene, "localhost"));
        }
    }

    @Test
    void aNameMayHaveAnRsaAndAnEcdsaCertificate() throws Exception {
        try (SecureScene scene = scene()) {
            Keyring keys = scene.keyring();
            Keyring.Identity rsa = keys.issueRsa("shop.example.com");
            assertEquals(List.of(), scene.apply("rsa, ec", "",
                    keys.served("rsa", rsa) + keys.served("ec", keys.issue("shop.example.com"))));
            for (String suite : new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}) {
                try (SSLSocket socket = scene.socket("shop.example.com", "TLSv1.2")) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setCipherSuites(new String[] {suite});
                    socket.setSSLParameters(parameters);
                    assertEquals("yes", new Wire(socket).ask(SecureScene.GET).body());
                    assertEquals(suite.contains("_RSA_") ? "RSA" : "EC",
                            socket.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm());
                }
            }
        }
    }

    @Test
    void theNamesOfTheConfigGoBeforeThoseOfTheCertificate() throws Exception {
        try (SecureScene scene = scene()) {
            Keyring keys = scene.keyring();
            String other = keys.served("other", keys.issue("inner.example.com"))
                    .replace("    key:", "    names: [outer.example.com]\n    key:");
            assertEquals(List.of(), scene.apply("shop, other", "", keys.served("shop", keys.issue("shop.example.com"))
                    + other));
            assertEquals("CN=inner.example.com", shown(scene, "outer.example.com"));
            assertEquals("CN=shop.example.com", shown(scene, "inner.example.com"));
        }
    }

    @Test
    void aMissingSecretCostsItsCertificateAlone() throws Exception {
        try (SecureScene scene = scene()) {
            Keyring keys = scene.keyring();
            Keyring.Identity late = keys.issue("late.example.com");
            String certificates = keys.served("shop", keys.issue("shop.example.com"))
                    + keys.served("late", late).replace("secret: late", "secret: late-key");
            List<ActivationFailure> failures = scene.apply("shop, late", "", certificates);
            assertEquals(List.of("certificates/late SECRET_MISSING"),
                    failures.stream().map(failure -> failure.object() + " " + failure.code()).toList());
            assertTrue(failures.getFirst().message().contains("halite secret set late-key"), failures.toString());
            assertEquals("CN=shop.example.com", shown(scene, "late.example.com"));

            keys.set("late-key", late.key());
            assertEquals(List.of(), scene.apply("shop, late", "", certificates));
            assertEquals("CN=late.example.com", shown(scene, "late.example.com"));
        }
    }

    @Test
    void aListenerWithoutAnyCertificateStaysClosedAloneAndOpensLater() throws Exception {
        try (SecureScene scene = scene()) {
            Keyring keys = scene.keyring();
            String certificates = keys.served("new", keys.issue("new.example.com")).replace("secret: new", "secret: n");
            String document = """
                    apiVersion: halite/v1
                    loadBalancers:
                      other:
                        listeners:
                          - { name: secure, address: "127.0.0.1:0", protocol: https, certificates: [new] }
                          - { name: plain, address: "127.0.0.1:0", protocol: http }
                        routes: [ { respond: { status: 200 } } ]
                    certificates:
                    """ + certificates;
            assertEquals(List.of("certificates/new SECRET_MISSING", "loadBalancers/other/listeners/secure NO_CERTIFICATE"),
                    scene.plane().apply(document).stream()
                            .map(failure -> failure.object() + " " + failure.code()).toList());
            assertThrows(NoSuchElementException.class, () -> scene.plane().port("other/secure"));
            try (Wire client = Wire.to(scene.plane().port("other/plain"))) {
                assertEquals(200, client.ask(SecureScene.GET).status());
            }
            keys.set("n", keys.secret("new").orElseThrow());
            assertEquals(List.of(), scene.plane().apply(document));
            try (Wire client = Wire.to(scene.plane().port("other/secure"))) {
                assertEquals(400, client.ask(SecureScene.GET).status());
            }
        }
    }

    @Test
    void aKeyThatDoesNotFitLeavesTheCertificateAsItWas() throws Exception {
        try (SecureScene scene = scene()) {
            Keyring keys = scene.keyring();
            for (byte[] bad : new byte[][] {keys.issue("x").key(), keys.issueRsa("x").key(),
                "no key".getBytes(StandardCharsets.US_ASCII)}) {
                String certificates = keys.served("shop", keys.issue("new.example.com"));
                keys.set("shop", bad);
                List<ActivationFailure> failures = scene.apply("shop", "", certificates);
                assertEquals("certificates/shop", failures.getFirst().object());
                assertTrue(failures.getFirst().message().endsWith("it is served as it was"), failures.toString());
                assertEquals(1, failures.size());
                assertEquals("CN=shop.example.com", shown(scene, "shop.example.com"));
            }
        }
    }

    @Test
    void aConnectionOutlivesItsCertificate() throws Exception {
        try (SecureScene scene = scene(); Wire client = scene.client()) {
            assertEquals("yes", client.ask(SecureScene.GET).body());
            Keyring keys = scene.keyring();
            assertEquals(List.of(), scene.apply("shop", "", keys.served("shop", keys.issue("next.example.com"))));
            assertEquals("yes", client.ask(SecureScene.GET).body());
            assertEquals("CN=next.example.com", shown(scene, "shop.example.com"));
        }
    }

    @Test
    void onlyTls13WhenTheConfigSaysSo() throws Exception {
        try (SecureScene scene = scene()) {
            Keyring keys = scene.keyring();
            assertEquals(List.of(), scene.apply("shop", ", tls: { minVersion: \"1.3\" }",
                    keys.served("shop", keys.issue("shop.example.com"))));
            assertEquals(200, scene.ask().status());
            try (SSLSocket old = scene.socket("shop.example.com", "TLSv1.2")) {
                assertThrows(SSLException.class, old::startHandshake);
            }
        }
    }
}
