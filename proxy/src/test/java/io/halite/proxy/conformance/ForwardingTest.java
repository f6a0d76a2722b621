package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §7.6: what a gateway changes in a message, and what it leaves alone. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class ForwardingTest {
    @Parameter
    Engine engine;

    private Message seen(String... lines) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine)) {
            assertEquals(200, scene.ask(Wire.head(lines)).status());
            return scene.target().take();
        }
    }

    @Test
    void endToEndFieldsPassInOrder() throws Exception {
        Message seen = seen("GET /a%20b?c=d&e HTTP/1.1", "User-Agent: one", "Host: h:1", "Cookie: a=b; c=d", "X-A: 1",
                "x-a: 2", "Authorization: Basic eDp5");
        assertEquals("GET /a%20b?c=d&e HTTP/1.1", seen.start());
        assertEquals(List.of("User-Agent: one", "Host: h:1", "Cookie: a=b; c=d", "X-A: 1", "x-a: 2",
                "Authorization: Basic eDp5"), seen.lines().subList(0, 6));
    }

    /** RFC 9110 §7.6.1: fields for this hop stay here, among them those that Connection names. */
    @Test
    void hopByHopFieldsStayHere() throws Exception {
        Message seen = seen("GET / HTTP/1.1", "Connection: X-Secret , keep-alive", "X-Secret: 1", "Host: a",
                "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: gzip", "Upgrade: h2c",
                "Proxy-Authorization: Basic eDp5", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA", "x-secret: 2", "X-Kept: 3");
        assertEquals(List.of("Host: a", "X-Kept: 3"), seen.lines().subList(0, 2));
        assertEquals(7, seen.lines().size(), seen.toString());
    }

    /** A client cannot have the message mutilated through Connection. */
    @ParameterizedTest
    @ValueSource(strings = {"Host", "Content-Length", "X-Forwarded-For", "X-Request-Id", "Via"})
    void whatTheProxyVouchesForCannotBeNominated(String name) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine); Wire client = scene.client()) {
            Message answer = client.ask(Wire.head("POST / HTTP/1.1", "Host: a", "Connection: " + name,
                    "X-Request-Id: id-1", "Content-Length: 3") + "abc");
            assertTrue(answer.body().endsWith("\nabc"), answer.toString());
            Message seen = scene.target().take();
            assertTrue(seen.header(name).isPresent(), seen.toString());
            assertEquals("id-1", seen.header("x-request-id").orElseThrow());
        }
    }

    /** CGI makes hyphens of underscores: to such a target these names are those of the proxy. */
    @Test
    void whatLooksLikeAFieldOfTheProxyIsNotPassedOn() throws Exception {
        Message seen = seen("GET / HTTP/1.1", "Host: a", "X_Forwarded_For: 6.6.6.6", "x-Forwarded_proto: https",
                "X_FORWARDED_CLIENT_CERT: Subject=root", "X_Real_Ip: 6.6.6.6", "X_Real_Ipad: 1", "X_Mine: 1");
        assertEquals(List.of("Host: a", "X_Real_Ipad: 1", "X_Mine: 1"), seen.lines().subList(0, 3));
        assertFalse(seen.lines().stream().anyMatch(line -> line.contains("6.6.6.6") || line.contains("root")));
    }

    /** What a client says of other hops is not believed. */
    @Test
    void theClientIsNamedByTheProxyAlone() throws Exception {
        Message seen = seen("GET / HTTP/1.1", "X-Forwarded-For: 6.6.6.6", "Host: shop.example:81",
                "X-Forwarded-Proto: https", "x-forwarded-host: evil", "Forwarded: for=6.6.6.6", "Via: 1.0 fred");
        assertEquals("127.0.0.1", seen.header("x-forwarded-for").orElseThrow());
        assertEquals("http", seen.header("x-forwarded-proto").orElseThrow());
        assertEquals("shop.example:81", seen.header("x-forwarded-host").orElseThrow());
        assertFalse(seen.header("forwarded").isPresent());
        // RFC 9110 §7.6.3: Via is appended to, in the order of the hops.
        assertEquals(List.of("1.0 fred", "1.1 halite"), seen.headers("via"));
    }

    @Test
    void everyRequestHasAnId() throws Exception {
        assertTrue(seen("GET / HTTP/1.1", "Host: a").header("x-request-id").orElseThrow().matches("[0-9a-f]{32}"));
        assertEquals("abc", seen("GET / HTTP/1.1", "Host: a", "X-Request-ID: abc").header("x-request-id").orElseThrow());
        String tooLong = "x".repeat(129);
        assertEquals(32, seen("GET / HTTP/1.1", "Host: a", "X-Request-ID: " + tooLong).header("x-request-id")
                .orElseThrow().length());
        assertEquals("a", seen("GET / HTTP/1.1", "Host: a", "X-Request-ID: a", "X-Request-ID: b")
                .header("x-request-id").orElseThrow());
    }

    /** RFC 9110 §10.1.4: trailers are welcome here if they are to the client. */
    @Test
    void theWishForTrailersIsPassedOn() throws Exception {
        Message seen = seen("GET / HTTP/1.1", "Host: a", "TE: deflate, trailers", "Connection: te");
        assertEquals("trailers", seen.header("te").orElseThrow());
        assertEquals("TE", seen.header("connection").orElseThrow());
    }

    /** RFC 9110 §7.6.2. */
    @Test
    void forwardsAreCounted() throws Exception {
        assertEquals("4", seen("OPTIONS /x HTTP/1.1", "Host: a", "Max-Forwards: 5").header("max-forwards").orElseThrow());
        assertEquals("5", seen("GET /x HTTP/1.1", "Host: a", "Max-Forwards: 5").header("max-forwards").orElseThrow());
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine)) {
            assertEquals(200, scene.ask(Wire.head("OPTIONS /x HTTP/1.1", "Host: a", "Max-Forwards: 0")).status());
            assertEquals(405, scene.ask(Wire.head("TRACE /x HTTP/1.1", "Host: a", "Max-Forwards: 0")).status());
            assertEquals(0, scene.target().connections());
        }
    }

    /** RFC 9112 §3.2: a request of HTTP/1.0 without Host gets one on its way to HTTP/1.1. */
    @Test
    void http10GetsAHost() throws Exception {
        Message seen = seen("GET / HTTP/1.0", "X: y");
        assertEquals("GET / HTTP/1.1", seen.start());
        assertTrue(seen.header("host").orElseThrow().startsWith("127.0.0.1:"));
        assertFalse(seen.header("x-forwarded-host").isPresent());
    }

    @Test
    void responsesPassWithoutTheirHopByHopFields() throws Exception {
        String response = "HTTP/1.1 299 Fine, really\r\nServer: t\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n"
                + "Set-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 2\r\nProxy-Connection: x\r\nX-Last: z\r\n\r\nok";
        try (Scene scene = Scene.before(ScriptedTarget.answering(response), engine)) {
            Message answer = scene.ask(Wire.head("GET / HTTP/1.1", "Host: a"));
            assertEquals("HTTP/1.1 299 Fine, really", answer.start());
            assertEquals(List.of("Server: t", "Set-Cookie: a=b", "Set-Cookie: c=d", "X-Last: z", "Content-Length: 2"),
                    answer.lines());
            assertEquals("ok", answer.body());
        }
    }

    /** RFC 9110 §15.6: redirects and answers that a route has ready, also beyond one buffer. */
    @Test
    void routesAnswerByThemselves() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine); Wire client = scene.client()) {
            int size = 1_000_000;
            scene.plane().apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                        routes:
                          - match: { path: /old }
                            redirect: { to: "https://shop.example/new", code: 308 }
                          - match: { path: /large }
                            respond: { status: 200, body: "%s", contentType: text/plain }
                          - respond: { status: 418, body: "tea", contentType: text/x-tea }
                    """.formatted("y".repeat(size)));
            for (int round = 0; round < 3; round++) {
                Message redirect = client.ask(Wire.head("GET /old HTTP/1.1", "Host: a"));
                assertEquals(308, redirect.status());
                assertEquals("https://shop.example/new", redirect.header("location").orElseThrow());
                assertEquals(size, client.ask(Wire.head("GET /large HTTP/1.1", "Host: a")).body().length());
                assertEquals("", client.send(Wire.head("HEAD /large HTTP/1.1", "Host: a")).headResponse().body());
                Message tea = client.ask(Wire.head("GET /x HTTP/1.1", "Host: a"));
                assertEquals(418, tea.status());
                assertEquals("tea", tea.body());
                assertEquals("text/x-tea", tea.header("content-type").orElseThrow());
            }
        }
    }
}
