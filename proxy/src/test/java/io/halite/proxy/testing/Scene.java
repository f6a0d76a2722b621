package io.halite.proxy.testing;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import java.io.IOException;

/** A proxy with one listener and one pool in front of a scripted target: what most tests need. */
public final class Scene implements AutoCloseable {
    private final TestPlane plane;
    private final ScriptedTarget target;

    private Scene(TestPlane plane, ScriptedTarget target) {
        this.plane = plane;
        this.target = target;
    }

    /** All requests go to the target. */
    public static Scene before(ScriptedTarget target, Engine engine) throws IOException, InterruptedException {
        return before(target, engine, "");
    }

    /**
     * All requests go to the target.
     *
     * @param more lines of the load balancer, such as {@code limits: { body: 1KiB }}
     */
    public static Scene before(ScriptedTarget target, Engine engine, String more)
            throws IOException, InterruptedException {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { forward: app } ]
                    %s
                pools:
                  app: { check: none, targets: [ { name: one, address: "%s" } ] }
                """.formatted(more, target.address()));
        return new Scene(plane, target);
    }

    /** A new client connection. */
    public Wire client() throws IOException {
        return Wire.to(plane.port("shop/web"));
    }

    /** Sends one request on a connection of its own; the response. */
    public Message ask(String request) throws IOException {
        try (Wire client = client()) {
            return client.ask(request);
        }
    }

    public TestPlane plane() {
        return plane;
    }

    public ScriptedTarget target() {
        return target;
    }

    @Override
    public void close() throws IOException {
        plane.close();
        target.close();
    }
}
