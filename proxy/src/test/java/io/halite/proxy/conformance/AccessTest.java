package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may use what, by address. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class AccessTest {
    @Parameter
    Engine engine;

    private TestPlane plane(String balancer, String route) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    trustedProxies: 127.0.0.0/8
                    %s
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes:
                      - { match: { path: /admin* }, respond: { body: admin }, %s }
                      - { respond: { body: shop } }
                """.formatted(balancer, route));
        return plane;
    }

    private static Message ask(TestPlane plane, String path, String client) throws Exception {
        try (Wire wire = Wire.to(plane.port("shop/web"))) {
            return wire.ask(Wire.head("GET " + path + " HTTP/1.1", "Host: a", "X-Forwarded-For: " + client));
        }
    }

    @Test
    void aRouteAdmitsWhomItAllows() throws Exception {
        try (TestPlane plane = plane("", "access: { allow: [ 192.0.2.0/24, \"2001:db8::/32\" ], deny: 192.0.2.66/32 }")) {
            assertEquals("admin", ask(plane, "/admin", "192.0.2.1").body());
            assertEquals("admin", ask(plane, "/admin", "2001:db8::1").body());
            assertEquals(403, ask(plane, "/admin", "192.0.2.66").status());
            Message refused = ask(plane, "/admin", "198.51.100.1");
            assertEquals(403, refused.status());
            assertTrue(refused.body().contains("code: FORBIDDEN"));
            assertEquals("shop", ask(plane, "/", "198.51.100.1").body());
        }
    }

    /** What is forbidden is not tried at the next route: that could let in whom nobody meant. */
    @Test
    void aLoadBalancerRefusesBeforeItsRoutes() throws Exception {
        try (TestPlane plane = plane("access: { deny: 198.51.100.0/24 }", "access: {}")) {
            assertEquals(403, ask(plane, "/", "198.51.100.1").status());
            assertEquals(403, ask(plane, "/admin", "198.51.100.255").status());
            assertEquals("admin", ask(plane, "/admin", "198.51.101.0").body());
        }
    }

    @Test
    void aRefusedClientKeepsItsConnection() throws Exception {
        try (TestPlane plane = plane("", "access: { deny: 127.0.0.1/32 }"); Wire client = Wire.to(plane.port("shop/web"))) {
            assertEquals(403, client.ask(Wire.head("GET /admin HTTP/1.1", "Host: a")).status());
            assertEquals("shop", client.ask(Wire.head("GET / HTTP/1.1", "Host: a")).body());
        }
    }

    @Test
    void aTcpListenerClosesForWhomItDenies() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x"); TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        access: { deny: 127.0.0.0/8 }
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: tcp, pool: app } ]
                    pools: { app: { check: none, targets: [ "%s" ] } }
                    """.formatted(target.address()));
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                assertTrue(client.isEnded());
            }
            assertEquals(1, plane.plane().traffic().refused().get("FORBIDDEN"));
            assertEquals(0, target.connections());
        }
    }
}
