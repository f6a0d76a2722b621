package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a route changes in the messages that pass it. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class RouteEffectsTest {
    @Parameter
    Engine engine;

    private TestPlane plane;
    private ScriptedTarget target;

    @BeforeEach
    void start() throws Exception {
        plane = TestPlane.start(engine, 1);
        target = ScriptedTarget.answering("HTTP/1.1 200 OK\r\nServer: app\r\nX-Powered-By: magic\r\nSet-Cookie: a=b\r\n"
                + "Content-Length: 1\r\n\r\nx");
    }

    @AfterEach
    void stop() throws Exception {
        plane.close();
        target.close();
    }

    private void routes(String routes) throws Exception {
        assertEquals(List.of(), plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    trustedProxies: 127.0.0.1/32
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes:
                %s
                pools: { app: { check: none, sticky: { cookie: sid }, targets: [ "%s" ] } }
                """.formatted(routes.indent(6), target.address())));
    }

    private Message ask(String... lines) throws Exception {
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            return client.ask(Wire.head(lines));
        }
    }

    private Message asked(String... lines) throws Exception {
        assertEquals(200, ask(lines).status());
        return target.take();
    }

    @Test
    void requestHeadersAreRemovedSetAndAdded() throws Exception {
        routes("""
                - forward: app
                  requestHeaders:
                    remove: [ cookie, via ]
                    set: { x-tenant: shop, x-request-id: fixed, X-Forwarded-Proto: https }
                    add: { x-tag: second }
                """);
        Message request = asked("GET / HTTP/1.1", "Host: a", "Cookie: a=b", "X-Tenant: evil", "x-tenant: evil2",
                "X_Tenant: evil3", "X-Tag: first", "cookie: c=d", "Accept: */*");
        assertEquals(List.of(), request.headers("Cookie"));
        assertEquals(List.of(), request.headers("Via"));
        assertEquals(List.of("shop"), request.headers("X-Tenant"));
        assertEquals(List.of(), request.headers("X_Tenant"));
        assertEquals(List.of("first", "second"), request.headers("X-Tag"));
        assertEquals(List.of("fixed"), request.headers("X-Request-Id"));
        assertEquals(List.of("https"), request.headers("X-Forwarded-Proto"));
        assertEquals(List.of("*/*"), request.headers("Accept"));
        assertEquals(List.of("a"), request.headers("Host"));
    }

    /** The cookie that keeps a client at its target is the balancer's: edits do not reach it. */
    @Test
    void responseHeadersAreRemovedSetAndAdded() throws Exception {
        routes("""
                - forward: app
                  responseHeaders:
                    remove: [ x-powered-by, set-cookie ]
                    set: { server: halite, strict-transport-security: max-age=1 }
                    add: { x-tag: added }
                """);
        Message answer = ask("GET / HTTP/1.1", "Host: a");
        assertEquals(List.of(), answer.headers("X-Powered-By"));
        assertEquals(List.of("halite"), answer.headers("Server"));
        assertEquals(List.of("max-age=1"), answer.headers("Strict-Transport-Security"));
        assertEquals(List.of("added"), answer.headers("X-Tag"));
        assertTrue(answer.header("Set-Cookie").orElseThrow().startsWith("sid="));
        assertEquals("x", answer.body());
    }

    @Test
    void responseHeadersReachAnswersOfTheProxysOwn() throws Exception {
        routes("""
                - { match: { path: /own }, respond: { body: own }, responseHeaders: { set: { content-type: text/html } } }
                - { match: { path: /to }, redirect: { to: /own }, responseHeaders: { add: { x-a: b } } }
                - { match: { path: /there }, redirect: { to: "http://{host}/own" }, responseHeaders: { add: { x-a: b } } }
                - { match: { path: /no }, respond: {}, access: { deny: 127.0.0.1/32 }, responseHeaders: { set: { x-a: b } } }
                """);
        Message own = ask("GET /own HTTP/1.1", "Host: a");
        assertEquals(Optional.of("text/html"), own.header("Content-Type"));
        assertEquals("own", own.body());
        assertEquals(Optional.of("b"), ask("GET /to HTTP/1.1", "Host: a").header("X-A"));
        assertEquals(Optional.of("b"), ask("GET /there HTTP/1.1", "Host: a").header("X-A"));
        Message refused = ask("GET /no HTTP/1.1", "Host: a");
        assertEquals(403, refused.status());
        assertEquals(Optional.of("b"), refused.header("X-A"));
    }

    @Test
    void theHostIsRewritten() throws Exception {
        routes("- { forward: app, rewrite: { host: inner.example } }");
        Message request = asked("GET /a?b HTTP/1.1", "Host: shop.example:81", "A: b");
        assertEquals(List.of("inner.example"), request.headers("Host"));
        assertEquals(List.of("shop.example:81"), request.headers("X-Forwarded-Host"));
        assertEquals("GET /a?b HTTP/1.1", request.start());
        assertEquals(List.of("inner.example"), asked("GET http://other/x HTTP/1.1", "Host: a").headers("Host"));
        assertEquals(List.of("inner.example"), asked("GET /x HTTP/1.0").headers("Host"));
    }

    @Test
    void thePathIsReplaced() throws Exception {
        routes("- { forward: app, rewrite: { path: /fixed } }");
        assertEquals("GET /fixed?q=1 HTTP/1.1", asked("GET /any/where?q=1 HTTP/1.1", "Host: a").start());
        assertEquals("GET /fixed HTTP/1.1", asked("GET / HTTP/1.1", "Host: a").start());
    }

    @Test
    void thePrefixIsReplaced() throws Exception {
        routes("""
                - { match: { path: /slash/* }, forward: app, rewrite: { prefix: /v2 } }
                - { match: { path: /bare* }, forward: app, rewrite: { prefix: /v2/ } }
                - { match: { path: /strip* }, forward: app, rewrite: { prefix: / } }
                - { match: { path: /under/* }, forward: app, rewrite: { prefix: / } }
                """);
        assertEquals("GET /v2/x/y?z HTTP/1.1", asked("GET /slash/x/y?z HTTP/1.1", "Host: a").start());
        assertEquals("GET /v2/ HTTP/1.1", asked("GET /slash/ HTTP/1.1", "Host: a").start());
        assertEquals("GET /v2/x HTTP/1.1", asked("GET /bare/x HTTP/1.1", "Host: a").start());
        assertEquals("GET /v2?q HTTP/1.1", asked("GET /bare?q HTTP/1.1", "Host: a").start());
        assertEquals("GET /v2foot HTTP/1.1", asked("GET /barefoot HTTP/1.1", "Host: a").start());
        assertEquals("GET / HTTP/1.1", asked("GET /strip HTTP/1.1", "Host: a").start());
        assertEquals("GET /a HTTP/1.1", asked("GET /strip/a HTTP/1.1", "Host: a").start());
        assertEquals("GET /ped HTTP/1.1", asked("GET /stripped HTTP/1.1", "Host: a").start());
        assertEquals("GET /a HTTP/1.1", asked("GET /under/a HTTP/1.1", "Host: a").start());
    }

    @Test
    void aPartOfThePathIsReplaced() throws Exception {
        routes("""
                - match: { path: /item* }
                  forward: app
                  rewrite: { regex: { match: "^/item/([0-9]+)(/.*)?$", to: "/show/$1$2" } }
                - { match: { path: /cut* }, forward: app, rewrite: { regex: { match: "^/cut/", to: "" } } }
                - { match: { path: /grow* }, forward: app, rewrite: { regex: { match: "/grow(.*)", to: "/$1$1$1" } } }
                """);
        assertEquals("GET /show/17/edit?a HTTP/1.1", asked("GET /item/17/edit?a HTTP/1.1", "Host: a").start());
        assertEquals("GET /show/17 HTTP/1.1", asked("GET /item/17 HTTP/1.1", "Host: a").start());
        assertEquals("GET /item/x HTTP/1.1", asked("GET /item/x HTTP/1.1", "Host: a").start());
        assertEquals("GET /b HTTP/1.1", asked("GET /cut/b HTTP/1.1", "Host: a").start());
        Message tooLong = ask("GET /grow" + "x".repeat(8_000) + " HTTP/1.1", "Host: a");
        assertEquals(414, tooLong.status());
    }

    /** A rewritten request is rewritten in the same way when it is sent again. */
    @Test
    void aRetryIsRewrittenToo() throws Exception {
        routes("- { forward: app, rewrite: { prefix: /v2, host: inner }, match: { path: /a/* } }");
        assertEquals("GET /v2/1 HTTP/1.1", asked("GET /a/1 HTTP/1.1", "Host: a").start());
        assertEquals("GET /v2/2 HTTP/1.1", asked("GET /a/2 HTTP/1.1", "Host: a").start());
    }

    @Test
    void aRedirectTakesWhatItNamesFromTheRequest() throws Exception {
        routes("""
                - { match: { host: secure.example }, redirect: { to: "https://{host}{path}{query}", code: 308 } }
                - { match: { path: /old/* }, redirect: { to: "/new/{rest}{query}" } }
                - { match: { path: /same* }, redirect: { to: "{scheme}://{host}/other" } }
                - { match: { path: /up* }, redirect: { to: "https://{host}/{rest}" } }
                """);
        Message answer = ask("GET /a/b?c=d HTTP/1.1", "Host: secure.example:8080");
        assertEquals(308, answer.status());
        assertEquals(Optional.of("https://secure.example/a/b?c=d"), answer.header("Location"));
        assertEquals(Optional.of("0"), answer.header("Content-Length"));
        assertEquals(Optional.of("/new/x?y"), ask("GET /old/x?y HTTP/1.1", "Host: a").header("Location"));
        assertEquals(Optional.of("http://a/other"), ask("GET /same HTTP/1.1", "Host: a").header("Location"));
        assertEquals(Optional.of("https://[::1]/other"),
                ask("GET /same HTTP/1.1", "Host: [::1]:80", "X-Forwarded-Proto: https").header("Location"));
        assertEquals(Optional.of("https://a/.evil"), ask("GET /up.evil HTTP/1.1", "Host: a").header("Location"));
        assertEquals(400, ask("GET /same HTTP/1.0").status());
        assertEquals(414, ask("GET /old/" + "x".repeat(20_000) + " HTTP/1.1", "Host: a").status());
    }

    /** RFC 3986 §4.2: two slashes in front begin a host; the client must not choose it. */
    @Test
    void aRedirectLeadsToNoHostOfTheClientsChoice() throws Exception {
        routes("- { match: { path: /old/* }, redirect: { to: \"/{rest}\" } }");
        assertEquals(Optional.of("/evil.example/x"),
                ask("GET /old//evil.example/x HTTP/1.1", "Host: a").header("Location"));
        assertEquals(Optional.of("/evil.example/x"),
                ask("GET /old/\\/evil.example/x HTTP/1.1", "Host: a").header("Location"));
    }

    @Test
    void aConnectionLivesOnAfterARedirect() throws Exception {
        routes("- { redirect: { to: \"https://{host}{path}\" } }");
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            assertEquals(302, client.ask(Wire.head("GET /1 HTTP/1.1", "Host: a")).status());
            client.send(Wire.head("HEAD /2 HTTP/1.1", "Host: a"));
            assertEquals(Optional.of("https://a/2"), client.headResponse().header("Location"));
            assertEquals(Optional.of("https://a/3"),
                    client.ask(Wire.head("GET /3 HTTP/1.1", "Host: a")).header("Location"));
        }
    }
}
