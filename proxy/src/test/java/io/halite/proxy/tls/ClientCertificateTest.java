package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Keyring.Identity;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are asked for a certificate, and what targets hear of it. */
@ParameterizedClass
@CsvSource({"EPOLL, JSSE", "SELECTOR, JSSE", "EPOLL, OPENSSL", "SELECTOR, OPENSSL"})
class ClientCertificateTest {
    private static final String IDENTITY = "x-forwarded-client-cert";

    @Parameter(0)
    Engine engine = Engine.AUTO;

    @Parameter(1)
    TlsEngine tls = TlsEngine.AUTO;

    private SecureScene scene(String mode) throws Exception {
        SecureScene scene = SecureScene.before(ScriptedTarget.ok("yes"), engine, tls);
        Keyring keys = scene.keyring();
        assertEquals(List.of(), scene.apply("shop",
                ", tls: { clientCertificates: { mode: " + mode + ", authority: staff } }",
                keys.served("shop", keys.issue("shop.example.com")) + keys.trusted("staff")));
        return scene;
    }

    private static void ask(SecureScene scene, SSLContext context, String version, String headers) throws IOException {
        try (Wire client = new Wire(scene.socket(context, "shop.example.com", version))) {
            assertEquals("yes", client.ask("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n").body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whoHasACertificateIsNamedToTheTarget(String version) throws Exception {
        try (SecureScene scene = scene("required")) {
            Identity alice = scene.keyring().issue("alice.example.com");
            SSLContext context = scene.keyring().context(alice);
            // The second time the session is resumed.
            for (int round = 0; round < 2; round++) {
                ask(scene, context, version, "X-Forwarded-Client-Cert: Subject=\"CN=root\"\r\n");
                String hash = HexFormat.of().formatHex(
                        MessageDigest.getInstance("SHA-256").digest(alice.certificate().getEncoded()));
                assertEquals(Optional.of("Hash=" + hash + ";Subject=\"CN=alice.example.com\";DNS=alice.example.com"),
                        scene.target().take().header(IDENTITY));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whoHasNoneIsRefusedWhereItIsRequired(String version) throws Exception {
        try (SecureScene scene = scene("required")) {
            assertThrows(IOException.class, () -> ask(scene, scene.keyring().context(), version, ""));
            assertEquals(0, scene.target().connections());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"required", "optional"})
    void aCertificateOfAnotherAuthorityIsRefused(String mode) throws Exception {
        try (SecureScene scene = scene(mode)) {
            SSLContext stranger = scene.keyring().context(new Keyring().issue("alice.example.com"));
            assertThrows(IOException.class, () -> ask(scene, stranger, "TLSv1.3", ""));
            assertEquals(0, scene.target().connections());
        }
    }

    @Test
    void whoHasNoneIsNobodyWhereItIsOptional() throws Exception {
        try (SecureScene scene = scene("optional")) {
            ask(scene, scene.keyring().context(), "TLSv1.3", "X-Forwarded-Client-Cert: Subject=\"CN=root\"\r\n");
            assertEquals(Optional.empty(), scene.target().take().header(IDENTITY));
            ask(scene, scene.keyring().context(scene.keyring().issue("bob.example.com")), "TLSv1.3", "");
            assertTrue(scene.target().take().header(IDENTITY).orElseThrow().contains("CN=bob.example.com"));
        }
    }
}
