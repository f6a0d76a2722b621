package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.ScriptedTarget;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 where a client of an https listener asks for it (ALPN, RFC 9113 §3.2), by both implementations of TLS. */
class Http2OverTlsTest {

    private static HttpClient client(SSLContext trusting) {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trusting).build();
    }

    @ParameterizedTest
    @CsvSource({"EPOLL, JSSE", "SELECTOR, JSSE", "EPOLL, OPENSSL", "SELECTOR, OPENSSL"})
    void clientsThatAskForIt(Engine engine, TlsEngine tls) throws Exception {
        try (SecureScene scene = SecureScene.before(ScriptedTarget.echo(), engine, tls);
                HttpClient client = client(scene.keyring().context())) {
            assertTrue(scene.apply("shop", "",
                    scene.keyring().served("shop", scene.keyring().issue("localhost"))).isEmpty());
            URI uri = URI.create("https://localhost:" + scene.port() + "/x");
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            String body = "b".repeat(100_000);
            // With a connection at hand, the client sends everything over that.
            assertEquals(200, client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode());
            for (int count = 0; count < 50; count++) {
                answers.add(client.sendAsync(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(), HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.join();
                assertEquals(200, response.statusCode());
                assertEquals(HttpClient.Version.HTTP_2, response.version());
                assertEquals("POST /x HTTP/1.1\n" + body, response.body());
            }
            assertEquals("https", scene.target().take().header("x-forwarded-proto").orElseThrow());
            assertEquals("GET / HTTP/1.1\n2", curl(scene, "--http2"));
            assertEquals("GET / HTTP/1.1\n1.1", curl(scene, "--http1.1"));
            // A listener may do without.
            assertTrue(scene.apply("shop", ", http2: false",
                    scene.keyring().served("shop", scene.keyring().issue("shop.example.com"))).isEmpty());
            assertEquals("GET / HTTP/1.1\n1.1", curl(scene, "--http2"));
        }
    }

    private static String curl(SecureScene scene, String version) throws Exception {
        return Peer.run("curl", "-sSk", version, "-w", "%{http_version}", "--resolve",
                "shop.example.com:" + scene.port() + ":127.0.0.1", "https://shop.example.com:" + scene.port() + "/");
    }
}
