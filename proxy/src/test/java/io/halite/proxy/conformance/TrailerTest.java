package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Trailers: RFC 9110 §6.5.1 and RFC 9112 §7.1.2. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class TrailerTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String FORBIDDEN = "X-Forwarded-For: 6.6.6.6\r\nx_forwarded_proto: https\r\n"
            + "Authorization: Basic x\r\nCookie: a=b\r\nContent-Type: text/html\r\nConnection: x\r\n"
            + "Forwarded: for=6.6.6.6\r\nX-Request-Id: 1\r\n"
            + "If-Match: x\r\nX-Real-IP: 6.6.6.6\r\nCache-Control: no-store\r\nX-Route: 1\r\n";

    @Parameter
    Engine engine = Engine.AUTO;

    private TestPlane before(ScriptedTarget target) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes:
                      - forward: app
                        requestHeaders: { remove: [x-route] }
                        responseHeaders: { set: { x-route: ours } }
                pools:
                  app: { check: none, targets: [ { name: one, address: "%s" } ] }
                """.formatted(target.address()));
        return plane;
    }

    private static Wire client(TestPlane plane) throws IOException {
        return Wire.to(plane.port("shop/web"));
    }

    @Test
    void requestTrailersPassWithoutWhatHasNoBusinessThere() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.echo(); TestPlane plane = before(target); Wire client = client(plane)) {
            String body = "3\r\nabc\r\n0\r\nX-Sum: 1\r\n" + FORBIDDEN + "X-Last: 2\r\n\r\n";
            // At once with a request behind it, and then in every two pieces.
            client.send(HEAD + body + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("POST / HTTP/1.1\nabc", client.response().body());
            assertEquals("GET /next HTTP/1.1\n", client.response().body());
            assertEquals(List.of("X-Sum: 1", "X-Last: 2"), target.take().trailers());
            target.take();
            for (int cut = 1; cut < body.length(); cut += 7) {
                client.send(HEAD + body.substring(0, cut));
                client.send(body.substring(cut) + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals("POST / HTTP/1.1\nabc", client.response().body(), "cut at " + cut);
                assertEquals("GET /next HTTP/1.1\n", client.response().body(), "cut at " + cut);
                assertEquals(List.of("X-Sum: 1", "X-Last: 2"), target.take().trailers(), "cut at " + cut);
                target.take();
            }
        }
    }

    @Test
    void responseTrailersToo() throws Exception {
        String body = "3\r\nabc\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a=b\r\n" + FORBIDDEN + "grpc-status: 0\r\n\r\n";
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            int cut = 0;
            while (true) {
                self.read(wire);
                wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body.substring(0, cut));
                wire.send(body.substring(cut));
                cut = (cut + 7) % body.length();
            }
        });
        try (target; TestPlane plane = before(target); Wire client = client(plane)) {
            for (int round = 0; round < 40; round++) {
                Message response = client.ask("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n");
                assertEquals("abc", response.body());
                assertEquals("ours", response.header("x-route").orElseThrow());
                assertEquals(List.of("X-Sum: 1", "grpc-status: 0"), response.trailers());
            }
            assertEquals(1, target.connections());
        }
    }

    @Test
    void trailersWithoutEndAreRefused() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.echo(); TestPlane plane = before(target);
                Wire many = client(plane); Wire large = client(plane)) {
            assertEquals(400, many.ask(HEAD + "0\r\n" + "a:\r\n".repeat(5_000) + "\r\n").status());
            assertEquals(400, large.ask(HEAD + "0\r\nX: " + "a".repeat(17_000) + "\r\n\r\n").status());
        }
    }
}
