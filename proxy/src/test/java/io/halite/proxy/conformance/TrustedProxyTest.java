package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Proxies before this one: whom they name as the client, and what of it targets and routes see (RFC 7239). */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class TrustedProxyTest {
    private static final String TRUSTING = "trustedProxies: [ 127.0.0.0/8, 10.0.0.0/8, \"2001:db8:ffff::/48\" ]";

    @Parameter
    Engine engine;

    private Message seen(String rules, String... lines) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine, rules)) {
            String[] all = new String[lines.length + 2];
            all[0] = "GET / HTTP/1.1";
            all[1] = "Host: shop.example";
            System.arraycopy(lines, 0, all, 2, lines.length);
            assertEquals(200, scene.ask(Wire.head(all)).status());
            return scene.target().take();
        }
    }

    @Test
    void whatAStrangerSaysIsReplaced() throws Exception {
        Message request = seen("trustedProxies: 10.0.0.0/8", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.example", "X-Forwarded-Port: 1", "X-Real-IP: 192.0.2.7",
                "Forwarded: for=192.0.2.7", "X-Forwardedness: kept");
        assertEquals(List.of("127.0.0.1"), request.headers("X-Forwarded-For"));
        assertEquals(List.of("http"), request.headers("X-Forwarded-Proto"));
        assertEquals(List.of("shop.example"), request.headers("X-Forwarded-Host"));
        assertEquals(List.of(), request.headers("X-Forwarded-Port"));
        assertEquals(List.of(), request.headers("X-Real-IP"));
        assertEquals(List.of(), request.headers("Forwarded"));
        assertEquals(List.of("kept"), request.headers("X-Forwardedness"));
    }

    @Test
    void whatATrustedProxySaysIsCarriedOn() throws Exception {
        Message request = seen(TRUSTING, "X-Forwarded-For: 198.51.100.1, 192.0.2.7", "x-forwarded-for: 10.1.1.1",
                "X-Forwarded-Proto: https", "X-Forwarded-Host: www.example", "X-Forwarded-Port: 443",
                "X-Real-IP: 192.0.2.7");
        assertEquals(List.of("198.51.100.1, 192.0.2.7, 10.1.1.1, 127.0.0.1"), request.headers("X-Forwarded-For"));
        assertEquals(List.of("https"), request.headers("X-Forwarded-Proto"));
        assertEquals(List.of("www.example"), request.headers("X-Forwarded-Host"));
        assertEquals(List.of("443"), request.headers("X-Forwarded-Port"));
        assertEquals(List.of("192.0.2.7"), request.headers("X-Real-IP"));
        assertEquals(Optional.empty(), request.header("Forwarded"));
        assertEquals(Optional.of("1.1 halite"), request.header("Via"));
    }

    @Test
    void aForwardedHeaderGetsAnElementMore() throws Exception {
        Message request = seen(TRUSTING, "Forwarded: for=192.0.2.7;proto=https");
        assertEquals(Optional.of("for=192.0.2.7;proto=https, for=127.0.0.1;proto=http"), request.header("Forwarded"));
        assertEquals(Optional.of("127.0.0.1"), request.header("X-Forwarded-For"));
    }

    @Test
    void aTrustedProxyThatSaysNothingIsTheClient() throws Exception {
        Message request = seen(TRUSTING);
        assertEquals(Optional.of("127.0.0.1"), request.header("X-Forwarded-For"));
        assertEquals(Optional.of("shop.example"), request.header("X-Forwarded-Host"));
    }

    /** The client is the last address that is no trusted proxy: what stands before it, anybody may have written. */
    @Test
    void routesSeeTheClientBehindTheProxies() throws Exception {
        try (TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        %s
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                        routes:
                          - { match: { source: 192.0.2.0/24 }, respond: { body: four } }
                          - { match: { source: "2001:db8:1::/48" }, respond: { body: six } }
                          - { match: { source: 10.0.0.0/8 }, respond: { body: proxy } }
                          - { match: { source: 127.0.0.1/32 }, respond: { body: peer } }
                    """.formatted(TRUSTING));
            assertEquals("peer", body(plane, "A: b"));
            assertEquals("four", body(plane, "X-Forwarded-For: 192.0.2.7"));
            assertEquals("four", body(plane, "X-Forwarded-For: 198.51.100.1, 192.0.2.7"));
            assertEquals("four", body(plane, "X-Forwarded-For: 198.51.100.1,192.0.2.7,10.0.0.1 , 10.9.9.9"));
            assertEquals("four", body(plane, "X-Forwarded-For: 198.51.100.1, 192.0.2.7\r\nX-Forwarded-For: 10.0.0.1"));
            assertEquals("four", body(plane, "X-Forwarded-For: 192.0.2.7:4711"));
            assertEquals("four", body(plane, "X-Forwarded-For: ::ffff:192.0.2.7"));
            assertEquals("four", body(plane, "X-Forwarded-For: 192.0.2.7, 2001:db8:ffff::1"));
            assertEquals("six", body(plane, "X-Forwarded-For: 2001:db8:1::17"));
            assertEquals("six", body(plane, "X-Forwarded-For: [2001:DB8:1:0:0:0:0:1]:443"));
            assertEquals("proxy", body(plane, "X-Forwarded-For: 10.0.0.1, 10.0.0.2"));
            assertEquals("proxy", body(plane, "X-Forwarded-For: 192.0.2.7, unknown, 10.0.0.2"));
            assertEquals("peer", body(plane, "X-Forwarded-For: 192.0.2.256"));
            assertEquals("peer", body(plane, "X-Forwarded-For: 2001:db8:1::1::1"));
            assertEquals("four", body(plane, "Forwarded: for=198.51.100.1, For=192.0.2.7;proto=https;by=10.0.0.1"));
            assertEquals("six", body(plane, "Forwarded: by=_x; for=\"[2001:db8:1::17]:47011\""));
            assertEquals("four", body(plane, "Forwarded: for=198.51.100.1\r\nX-Forwarded-For: 192.0.2.7"));
        }
    }

    private static String body(TestPlane plane, String line) throws Exception {
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            return client.ask(Wire.head("GET / HTTP/1.1", "Host: a", line)).body();
        }
    }

    /** A change of the list counts from the next request on, also on connections that are open. */
    @Test
    void trustIsWithdrawnFromOpenConnections() throws Exception {
        String document = """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    trustedProxies: %s
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { match: { source: 192.0.2.0/24 }, respond: { body: named } } ]
                """;
        String request = Wire.head("GET / HTTP/1.1", "Host: a", "X-Forwarded-For: 192.0.2.7");
        try (TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply(document.formatted("127.0.0.0/8"));
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                assertEquals("named", client.ask(request).body());
                plane.apply(document.formatted("10.0.0.0/8"));
                Message after = client.ask(request);
                assertEquals(404, after.status());
                assertTrue(after.body().contains("NO_ROUTE"));
            }
        }
    }
}
