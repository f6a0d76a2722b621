package io.halite.health.probe.kind;

import static io.halite.health.probe.kind.Probing.fails;
import static io.halite.health.probe.kind.Probing.failsSoon;
import static io.halite.health.probe.kind.Probing.passes;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HealthCheck.Http;
import io.halite.config.HealthCheck.Tls;
import io.halite.health.Reason;
import io.halite.health.testing.FakeTarget;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class TlsProberTest {
    private static final Tls CHECK = new Tls(null);

    /** A server whose certificate ends so soon. */
    static SSLContext serverWith(Duration left) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            X500Name name = new X500Name("CN=target");
            Instant end = Instant.now().plus(left);
            X509Certificate certificate = new JcaX509CertificateConverter().getCertificate(
                    new JcaX509v3CertificateBuilder(name, BigInteger.ONE, Date.from(end.minus(Duration.ofDays(100))),
                            Date.from(end), name, keys.getPublic())
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | OperatorCreationException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** A target that speaks these protocols (ALPN), the best first, over TLS. */
    static FakeTarget tls(SSLContext context, FakeTarget.Script script, String... protocols) throws IOException {
        return new FakeTarget(connection -> script.serve(handshake(context, connection, protocols)));
    }

    private static SSLSocket handshake(SSLContext context, Socket connection, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(connection, null, connection.getPort(), true);
        socket.setUseClientMode(false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void aHandshakePassesWithWhatWasAgreed() throws IOException {
        try (FakeTarget target = tls(serverWith(Duration.ofDays(90)), _ -> { })) {
            assertTrue(passes(CHECK, target.address()).evidence().startsWith("TLSv1.3 "));
            assertEquals(Reason.NONE, passes(CHECK, target.address()).warning());
        }
    }

    @Test
    void theServerNameIsAskedFor() throws IOException {
        AtomicReference<String> asked = new AtomicReference<>("");
        SSLContext context = serverWith(Duration.ofDays(90));
        try (FakeTarget target = tls(context, socket -> {
            var session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
            asked.set(session.getRequestedServerNames().toString());
        })) {
            passes(new Tls("shop.example.com"), target.address());
            await().until(() -> asked.get().contains("shop.example.com"));
        }
    }

    @Test
    void aCertificateThatEndsSoonWarnsAndAnEndedOneFails() throws IOException {
        try (FakeTarget target = tls(serverWith(Duration.ofDays(3)), _ -> { })) {
            assertEquals(Reason.CERTIFICATE_EXPIRES, passes(CHECK, target.address()).warning());
        }
        try (FakeTarget target = tls(serverWith(Duration.ofDays(-3)), _ -> { })) {
            assertTrue(fails(Reason.CERTIFICATE_EXPIRED, CHECK, target.address()).contains("ended at"));
        }
    }

    @Test
    void httpsAsksOverTlsAndOnlyWarnsOfCertificates() throws IOException {
        Http check = new Http(true, "/health", "GET", null, new TreeMap<>(Map.of()), Http.DEFAULT_EXPECT, "fine");
        try (FakeTarget plain = FakeTarget.answering(200, "fine");
                FakeTarget target = tls(serverWith(Duration.ofDays(-3)), plain.http(200, "fine"))) {
            assertEquals(Reason.CERTIFICATE_EXPIRED, passes(check, target.address()).warning());
            // The session is resumed now; the verdict is the same.
            assertEquals(Reason.CERTIFICATE_EXPIRED, passes(check, target.address()).warning());
            plain.become(connection -> FakeTarget.write(connection, "HTTP/1.1 400 Bad Request\r\n\r\n"));
            ProbeResult result = Probing.probe(check, plain.address());
            assertTrue(result instanceof ProbeResult.Failed, result.toString());
        }
    }

    @Test
    void plainAndMuteTargetsFail() throws IOException {
        try (FakeTarget plain = new FakeTarget(c -> FakeTarget.write(c, "220 mail ready\r\n"))) {
            fails(Reason.TLS_FAILED, CHECK, plain.address());
        }
        try (FakeTarget mute = FakeTarget.mute()) {
            String evidence = failsSoon(Reason.TIMEOUT, CHECK, mute.address());
            assertEquals("no answer within 300 ms (while shaking hands)", evidence);
        }
        for (FakeTarget.Script rude : List.<FakeTarget.Script>of(_ -> { }, c -> c.getInputStream().readNBytes(10))) {
            try (FakeTarget target = new FakeTarget(rude)) {
                ProbeResult result = Probing.probe(CHECK, target.address());
                assertTrue(result instanceof ProbeResult.Failed, result.toString());
            }
        }
    }
}
