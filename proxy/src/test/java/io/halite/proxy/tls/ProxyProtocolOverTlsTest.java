package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The PROXY header goes before the TLS handshake, on the way in and on the way out. */
@ParameterizedClass
@CsvSource({"EPOLL, JSSE", "SELECTOR, AUTO"})
class ProxyProtocolOverTlsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter(0)
    Engine engine = Engine.AUTO;

    @Parameter(1)
    TlsEngine tls = TlsEngine.AUTO;

    @Test
    void whoATrustedSenderNamesIsTheClientOfATlsConnection() throws Exception {
        try (SecureScene scene = SecureScene.before(ScriptedTarget.ok("yes"), engine, tls)) {
            Keyring keys = scene.keyring();
            assertEquals(List.of(), scene.apply("shop", ", proxyProtocol: [127.0.0.0/8]",
                    keys.served("shop", keys.issue("shop.example.com"))));
            Socket raw = new Socket(InetAddress.getLoopbackAddress(), scene.port());
            raw.getOutputStream().write(
                    "PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n".getBytes(StandardCharsets.US_ASCII));
            try (Wire client = new Wire(keys.context().getSocketFactory().createSocket(
                    raw, "shop.example.com", scene.port(), true))) {
                assertEquals("yes", client.ask(SecureScene.GET).body());
            }
            Message request = scene.target().take();
            assertEquals("192.0.2.7", request.header("x-forwarded-for").orElseThrow());
            assertEquals("https", request.header("x-forwarded-proto").orElseThrow());
        }
    }

    @Test
    void aTargetIsToldOfTheClientBeforeTheHandshake() throws Exception {
        Keyring keys = new Keyring();
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                TestPlane plane = TestPlane.start(engine, 1, keys)) {
            CompletableFuture<String> header = new CompletableFuture<>();
            SSLContext context = keys.context(keys.issue("app.internal"));
            Thread.ofVirtual().start(() -> serve(listening, context, header));
            assertEquals(List.of(), plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools:
                      app:
                        check: none
                        proxyProtocol: v1
                        tls: { serverName: app.internal, authority: ca }
                        targets: [ "127.0.0.1:%d" ]
                    certificates:
                    %s
                    """.formatted(listening.getLocalPort(), keys.trusted("ca").stripTrailing())));
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                assertEquals("yes", client.ask(GET).body());
                assertTrue(header.get(120, TimeUnit.SECONDS).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 "),
                        header.join());
            }
        }
    }

    /** Reads a line in plain text, then speaks TLS. */
    private static void serve(ServerSocket listening, SSLContext context, CompletableFuture<String> header) {
        try (Socket socket = listening.accept()) {
            StringBuilder line = new StringBuilder();
            for (int octet = socket.getInputStream().read(); octet != '\n'; octet = socket.getInputStream().read()) {
                line.append((char) octet);
            }
            header.complete(line.toString());
            SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(
                    socket, "client", socket.getPort(), true);
            secure.setUseClientMode(false);
            try (Wire wire = new Wire(secure)) {
                wire.request();
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
                wire.readAll();
            }
        } catch (IOException failed) {
            header.completeExceptionally(failed);
        }
    }
}
