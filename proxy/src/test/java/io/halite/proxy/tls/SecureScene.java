package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.proxy.ActivationFailure;
import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A proxy with an https listener in front of a scripted target. */
final class SecureScene implements AutoCloseable {
    static final String GET = "GET / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n";

    private final Keyring keyring;
    private final TestPlane plane;
    private final ScriptedTarget target;
    private final String requestHeader;

    private SecureScene(Keyring keyring, TestPlane plane, ScriptedTarget target, String requestHeader) {
        this.keyring = keyring;
        this.plane = plane;
        this.target = target;
        this.requestHeader = requestHeader;
    }

    /** The target behind a listener that serves one certificate, for shop.example.com. */
    static SecureScene before(ScriptedTarget target, Engine engine, TlsEngine tls)
            throws IOException, InterruptedException {
        return before(target, engine, tls, "1m");
    }

    /** The same with a limit for the handshake and the head of a request. */
    static SecureScene before(ScriptedTarget target, Engine engine, TlsEngine tls, String requestHeader)
            throws IOException, InterruptedException {
        assumeTrue(tls != TlsEngine.OPENSSL || OpenSsl.isAvailable(), "no OpenSSL 3 on this machine");
        Keyring keyring = new Keyring();
        SecureScene scene = new SecureScene(keyring, TestPlane.start(engine, 1, keyring, tls), target, requestHeader);
        List<ActivationFailure> failures =
                scene.apply("shop", "", keyring.served("shop", keyring.issue("shop.example.com")));
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.toString());
        }
        return scene;
    }

    /**
     * Applies a document.
     *
     * @param served names of certificates of the listener
     * @param more keys of the listener, each behind a comma
     * @param certificates lines of that section
     */
    List<ActivationFailure> apply(String served, String more, String certificates) throws InterruptedException {
        return plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners:
                      - { name: secure, address: "127.0.0.1:0", protocol: https, certificates: [%s]%s }
                      - { name: plain, address: "127.0.0.1:0", protocol: http }
                    timeouts: { requestHeader: %s }
                    routes: [ { forward: app } ]
                pools:
                  app: { check: none, targets: [ { name: one, address: "%s" } ] }
                certificates:
                %s
                """.formatted(served, more, requestHeader, target.address(), certificates.stripTrailing()));
    }

    /** A client that verifies the certificate against its server name. */
    SSLSocket socket(String serverName, String... versions) throws IOException {
        return socket(keyring.context(), serverName, versions);
    }

    SSLSocket socket(SSLContext context, String serverName, String... versions) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(
                new Socket(InetAddress.getLoopbackAddress(), port()), serverName, port(), true);
        socket.setSoTimeout(120_000);
        SSLParameters parameters = socket.getSSLParameters();
        if (serverName.contains(".")) {
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
        }
        if (versions.length > 0) {
            parameters.setProtocols(versions);
        }
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** A client of shop.example.com. */
    Wire client(String... versions) throws IOException {
        return new Wire(socket("shop.example.com", versions));
    }

    /** One request on a connection of its own. */
    Message ask() throws IOException {
        try (Wire client = client()) {
            return client.ask(GET);
        }
    }

    /** A client that does not speak TLS. */
    Wire plainClient() throws IOException {
        return Wire.to(port());
    }

    int port() {
        return plane.port("shop/secure");
    }

    Keyring keyring() {
        return keyring;
    }

    TestPlane plane() {
        return plane;
    }

    ScriptedTarget target() {
        return target;
    }

    @Override
    public void close() throws IOException {
        plane.close();
        target.close();
    }
}
