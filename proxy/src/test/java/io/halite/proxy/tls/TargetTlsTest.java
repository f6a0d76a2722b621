package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.ActivationFailure;
import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Keyring.Identity;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that are spoken to over TLS: who they must be, and what becomes of those who are somebody else. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class TargetTlsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    Engine engine = Engine.AUTO;

    private final Keyring keys = new Keyring();
    private final List<AutoCloseable> open = new java.util.ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    /** A target that answers with the server name it was asked for and the name of the certificate it was shown. */
    private ScriptedTarget target(Identity identity) throws IOException {
        ScriptedTarget target = ScriptedTarget.secure(keys.context(identity), (wire, self) -> {
            while (true) {
                self.read(wire);
                String body = serverName(wire) + " " + shown(wire);
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        open.add(target);
        return target;
    }

    private static String serverName(Wire wire) {
        return ((ExtendedSSLSession) wire.session()).getRequestedServerNames().stream()
                .map(name -> new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII))
                .findFirst().orElse("nobody");
    }

    private static String shown(Wire wire) {
        try {
            return ((X509Certificate) wire.session().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        } catch (SSLPeerUnverifiedException none) {
            return "none";
        }
    }

    private TestPlane plane() throws IOException {
        TestPlane plane = TestPlane.start(engine, 1, keys);
        open.add(plane);
        return plane;
    }

    private List<ActivationFailure> apply(TestPlane plane, ScriptedTarget target, String tls, String certificates)
            throws InterruptedException {
        return plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners:
                      - { name: web, address: "127.0.0.1:0", protocol: http }
                      - { name: raw, address: "127.0.0.1:0", protocol: tcp, pool: app }
                    routes: [ { forward: app } ]
                pools:
                  app:
                    check: none
                    tls: %s
                    targets: [ { name: one, address: "%s" } ]
                certificates:
                %s
                """.formatted(tls, target.address(), certificates.stripTrailing()));
    }

    private static Message ask(TestPlane plane, String listener) throws IOException {
        try (Wire client = Wire.to(plane.port("shop/" + listener))) {
            return client.ask(GET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "raw"})
    void aTargetThatProvesItsNameIsSpokenTo(String listener) throws Exception {
        TestPlane plane = plane();
        ScriptedTarget target = target(keys.issue("app.internal"));
        assertEquals(List.of(), apply(plane, target, "{ serverName: app.internal, authority: ca }", keys.trusted("ca")));
        for (int round = 0; round < 3; round++) {
            Message answer = ask(plane, listener);
            assertEquals("app.internal none", answer.body());
        }
        // A request after the other uses the same connection; a relayed connection is one of its own.
        assertEquals(listener.equals("web") ? 1 : 3, target.connections());
    }

    @Test
    void anAddressIsProvedLikeAName() throws Exception {
        TestPlane plane = plane();
        assertEquals(List.of(), apply(plane, target(keys.issue("127.0.0.1")), "{ authority: ca }", keys.trusted("ca")));
        assertEquals("nobody none", ask(plane, "web").body());
    }

    @Test
    void whoIsSomebodyElseGetsNothing() throws Exception {
        TestPlane plane = plane();
        ScriptedTarget target = target(keys.issue("other.internal"));
        apply(plane, target, "{ serverName: app.internal, authority: ca }", keys.trusted("ca"));
        assertEquals(502, ask(plane, "web").status());
        assertEquals(0, target.waiting());
        // Only by name is it enough to be anybody.
        apply(plane, target, "{ serverName: app.internal, verify: false }", keys.trusted("ca"));
        assertEquals("app.internal none", ask(plane, "web").body());
        apply(plane, target, "{ serverName: other.internal, authority: ca }", keys.trusted("ca"));
        assertEquals("other.internal none", ask(plane, "web").body());
    }

    @Test
    void anUnknownAuthorityIsNotBelieved() throws Exception {
        TestPlane plane = plane();
        ScriptedTarget target = target(keys.issue("app.internal"));
        String stranger = new Keyring().trusted("ca");
        apply(plane, target, "{ serverName: app.internal, authority: ca }", stranger);
        assertEquals(502, ask(plane, "web").status());
        // Nor does the system know this one.
        apply(plane, target, "{ serverName: app.internal }", stranger);
        assertEquals(502, ask(plane, "web").status());
        assertEquals(0, target.waiting());
    }

    @Test
    void aTargetIsShownTheCertificateOfThePool() throws Exception {
        TestPlane plane = plane();
        ScriptedTarget target = target(keys.issue("app.internal"));
        assertEquals(List.of(), apply(plane, target, "{ serverName: app.internal, authority: ca, certificate: own }",
                keys.trusted("ca") + keys.served("own", keys.issue("proxy.internal"))));
        assertEquals("app.internal CN=proxy.internal", ask(plane, "web").body());
    }

    @Test
    void withoutItsOwnKeyAPoolIsNotSpokenToInPlainText() throws Exception {
        TestPlane plane = plane();
        ScriptedTarget target = target(keys.issue("app.internal"));
        List<ActivationFailure> failures = apply(plane, target, "{ verify: false, certificate: own }",
                keys.served("own", keys.issue("proxy.internal")).replace("secret: own", "secret: missing"));
        assertEquals(List.of("certificates/own SECRET_MISSING", "pools/app TLS_NOT_COMPILED"),
                failures.stream().map(failure -> failure.object() + " " + failure.code()).toList());
        assertTrue(ask(plane, "web").status() >= 500);
        assertEquals(0, target.connections());
    }

    @Test
    void aTargetThatSpeaksNoTlsIsNoTarget() throws Exception {
        TestPlane plane = plane();
        ScriptedTarget plain = ScriptedTarget.ok("plain");
        open.add(plain);
        apply(plane, plain, "{ verify: false }", keys.trusted("ca"));
        assertEquals(502, ask(plane, "web").status());
    }

    /** Whoever cuts the connection cannot pass off the beginning of an answer as the whole. */
    @Test
    void anAnswerThatIsCutOffIsNotTakenForWhole() throws Exception {
        TestPlane plane = plane();
        ScriptedTarget target = ScriptedTarget.secure(keys.context(keys.issue("app.internal")), (wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\n\r\nthe beginning");
            wire.reset();
        });
        open.add(target);
        apply(plane, target, "{ verify: false }", keys.trusted("ca"));
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            client.send(GET);
            assertTrue(client.isEnded() || !client.readAll().endsWith("0\r\n\r\n"));
        } catch (IOException reset) {
            assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.toString());
        }
    }
}
