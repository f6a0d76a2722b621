package io.halite.proxy.http2;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A proxy before one target that is spoken to in HTTP/2 by prior knowledge, and its clients; closes what a test opened. */
final class Http2Scene {
    private final List<AutoCloseable> open = new ArrayList<>();

    /** A proxy before one target; {@code more} are further keys of the pool. */
    TestPlane before(Engine engine, ScriptedTarget target, String more) throws Exception {
        closing(target);
        TestPlane plane = closing(TestPlane.start(engine, 1));
        apply(plane, target, "5s", more);
        return plane;
    }

    /** Has the proxy go to this target from now on, which has so long for the head of a response. */
    static void apply(TestPlane plane, ScriptedTarget target, String patience, String more) throws InterruptedException {
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { forward: app } ]
                    timeouts: { responseHeader: %s }
                pools:
                  app:
                    check: none
                    protocol: http2
                    %s
                    targets: [ { name: one, address: "%s" } ]
                """.formatted(patience, more, target.address()));
    }

    /** A client of HTTP/1.1. */
    Wire client(TestPlane plane) throws IOException {
        return closing(Wire.to(plane.port("shop/web")));
    }

    /** A client of HTTP/2. */
    FrameClient client2(TestPlane plane) throws IOException {
        return closing(FrameClient.ready(plane.port("shop/web")));
    }

    <T extends AutoCloseable> T closing(T one) {
        open.add(one);
        return one;
    }

    /** Closes what was opened, the last first. */
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }
}
