package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which form routes see paths, and that nobody gets around an access list by writing a path another way. */
class PathFormTest {
    private ScriptedTarget target;

    @BeforeEach
    void open() throws Exception {
        target = ScriptedTarget.echo();
    }

    @AfterEach
    void close() throws Exception {
        target.close();
    }

    private TestPlane plane(String paths) throws Exception {
        TestPlane plane = TestPlane.start(Engine.AUTO, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    %s
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes:
                      - { match: { path: /admin* }, access: { deny: 127.0.0.0/8 }, forward: app }
                      - { match: { path: /api/* }, rewrite: { prefix: /v1/ }, forward: app }
                      - { match: { path: /old/* }, redirect: { to: "https://new.example/{rest}{query}" } }
                      - forward: app
                pools: { app: { check: none, targets: [ "127.0.0.1:%d" ] } }
                """.formatted(paths, target.port()));
        return plane;
    }

    private static Message ask(TestPlane plane, String path) throws Exception {
        try (Wire wire = Wire.to(plane.port("shop/web"))) {
            return wire.ask(Wire.head("GET " + path + " HTTP/1.1", "Host: a"));
        }
    }

    /** RFC 3986 §6.2.2. */
    @Test
    void noSpellingGetsAroundAnAccessList() throws Exception {
        try (TestPlane plane = plane("")) {
            for (String path : new String[] {"/admin", "/%61dmin", "//admin", "/./admin", "/a/../admin", "/a/%2E%2e/admin",
                "/../admin/x", "/%61%64min?x=/.."}) {
                assertEquals(403, ask(plane, path).status(), path);
            }
            for (String path : new String[] {"/a/..%2fadmin", "/a//../admin", "/a/..;/admin", "/%00admin"}) {
                Message refused = ask(plane, path);
                assertEquals(400, refused.status(), path);
                assertTrue(refused.body().contains("code: AMBIGUOUS_PATH"), refused.body());
            }
            assertEquals(4L, plane.plane().traffic().refused().get("AMBIGUOUS_PATH"));
        }
    }

    @Test
    void targetsGetThePathAsItCame() throws Exception {
        try (TestPlane plane = plane("")) {
            assertTrue(ask(plane, "/%7euser//x%2fy?q=%61").body().startsWith("GET /%7euser//x%2fy?q=%61 "));
            assertTrue(ask(plane, "/x/../y").body().startsWith("GET /x/../y "));
        }
    }

    @Test
    void rewritesAndRedirectsWorkOnWhatMatched() throws Exception {
        try (TestPlane plane = plane("")) {
            assertTrue(ask(plane, "/api/%7eme?a=%61").body().startsWith("GET /v1/~me?a=%61 "));
            assertTrue(ask(plane, "/x/../%61pi/y/z").body().startsWith("GET /v1/y/z "));
            assertEquals("https://new.example/b?c",
                    ask(plane, "/%6Fld/./a/../b?c").header("Location").orElseThrow());
        }
    }

    @Test
    void strictRefusesEncodedSlashes() throws Exception {
        try (TestPlane plane = plane("paths: strict")) {
            assertEquals(400, ask(plane, "/x%2fy").status());
            assertEquals(403, ask(plane, "/%61dmin").status());
            assertEquals(200, ask(plane, "/x%20y").status());
        }
    }

    @Test
    void asSentLeavesThemAlone() throws Exception {
        try (TestPlane plane = plane("paths: asSent")) {
            assertEquals(403, ask(plane, "/admin").status());
            assertEquals(200, ask(plane, "/%61dmin").status());
            assertEquals(200, ask(plane, "/a/..%2fadmin").status());
        }
    }
}
