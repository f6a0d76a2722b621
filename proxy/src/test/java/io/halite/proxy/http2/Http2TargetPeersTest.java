package io.halite.proxy.http2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets that are spoken to in HTTP/2 over TLS, by agreement (ALPN), and a real one. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class Http2TargetPeersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";

    @Parameter
    Engine engine = Engine.AUTO;

    @TempDir
    Path directory = Path.of("");

    private final Keyring keys = new Keyring();

    private TestPlane before(String target, String tls, String certificates) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1, keys);
        assertEquals(List.of(), plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { forward: app } ]
                pools:
                  app:
                    check: none
                    protocol: http2
                    %s
                    targets: [ { name: one, address: "%s" } ]
                %s
                """.formatted(tls, target, certificates.stripTrailing())));
        return plane;
    }

    private TestPlane secured(ScriptedTarget target) throws Exception {
        return before(target.address(), "tls: { serverName: app.internal, authority: ca }",
                "certificates:\n" + keys.trusted("ca"));
    }

    private static Message ask(TestPlane plane) throws IOException {
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            return client.ask(GET);
        }
    }

    @Test
    void overTlsByAgreement() throws Exception {
        ScriptedTarget target = ScriptedTarget.secure(keys.context(keys.issue("app.internal")),
                List.of("h2", "http/1.1"), FrameTarget.speaking(new byte[0], FrameTarget::echo));
        try (target; TestPlane plane = secured(target)) {
            for (int round = 0; round < 3; round++) {
                assertEquals("GET /\n", ask(plane).body());
            }
            assertTrue(target.notes().getFirst().contains(":scheme: https"), target.notes().getFirst());
            assertEquals(1, target.connections());
        }
    }

    @Test
    void aTargetThatDoesNotAgreeIsNotSpokenTo() throws Exception {
        for (List<String> spoken : List.of(List.<String>of(), List.of("http/1.1"))) {
            ScriptedTarget target = ScriptedTarget.secure(keys.context(keys.issue("app.internal")), spoken,
                    (wire, self) -> self.note(wire.read(1)));
            try (target; TestPlane plane = secured(target)) {
                Message response = ask(plane);
                assertEquals(502, response.status());
                assertTrue(response.body().contains("TARGET_HANDSHAKE_FAILED"), response.body());
                assertTrue(target.notes().stream().allMatch(String::isEmpty), "a request came: " + target.notes());
            }
        }
    }

    @Test
    void aRealServerWithRealClients() throws Exception {
        byte[] large = new byte[2_000_000];
        new Random(7).nextBytes(large);
        Files.write(directory.resolve("large"), large);
        Files.writeString(directory.resolve("index.html"), "hello");
        int port = Peer.freePort();
        try (Peer server = Peer.listening(port, "nghttpd", "--no-tls", "--header-table-size=64", "-d",
                directory.toString(), "" + port);
                TestPlane plane = before("127.0.0.1:" + port, "", "")) {
            assertEquals("hello", ask(plane).body(), server.output());
            String base = "http://127.0.0.1:" + plane.port("shop/web");
            for (String version : List.of("--http1.1", "--http2-prior-knowledge")) {
                Path got = directory.resolve("got");
                Peer.run("curl", "-s", version, "-o", got.toString(), base + "/large");
                assertArrayEquals(large, Files.readAllBytes(got), version);
            }
            String load = Peer.run("h2load", "-n", "500", "-c", "5", "-m", "20", base + "/index.html");
            assertTrue(load.contains("500 succeeded, 0 failed, 0 errored"), load);
            String uploads = Peer.run("h2load", "-n", "50", "-c", "5", "-m", "5",
                    "-d", directory.resolve("large").toString(), base + "/index.html");
            assertTrue(uploads.contains("50 succeeded, 0 failed, 0 errored"), uploads);
        }
    }
}
