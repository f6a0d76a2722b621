package io.halite.proxy.testing;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.tls.TlsEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A proxy with one listener and one pool in front of a scripted target: what most tests need. With the system property
 * {@code halite.scene.secure} every client comes over TLS and does not notice.
 */
public final class Scene implements AutoCloseable {
    private final TestPlane plane;
    private final ScriptedTarget target;
    private final Optional<SSLContext> secure;

    private Scene(TestPlane plane, ScriptedTarget target, Optional<SSLContext> secure) {
        this.plane = plane;
        this.target = target;
        this.secure = secure;
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
        boolean secure = Boolean.getBoolean("halite.scene.secure");
        return open(target, engine, more, secure ? Optional.of(TlsEngine.AUTO) : Optional.empty());
    }

    /** All requests go to the target; clients come over TLS. */
    public static Scene secure(ScriptedTarget target, Engine engine, TlsEngine tls)
            throws IOException, InterruptedException {
        return open(target, engine, "", Optional.of(tls));
    }

    private static Scene open(ScriptedTarget target, Engine engine, String more, Optional<TlsEngine> tls)
            throws IOException, InterruptedException {
        Keyring keyring = new Keyring();
        boolean secure = tls.isPresent();
        TestPlane plane = TestPlane.start(engine, 1, keyring, tls.orElse(TlsEngine.AUTO));
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: %s } ]
                    routes: [ { forward: app } ]
                    %s
                pools:
                  app: { check: none, targets: [ { name: one, address: "%s" } ] }
                %s
                """.formatted(secure ? "https, certificates: [web]" : "http", more, target.address(), secure
                        ? "certificates:\n" + keyring.served("web", keyring.issue("localhost")) : ""));
        return new Scene(plane, target, secure ? Optional.of(keyring.context()) : Optional.empty());
    }

    /** A new client connection. */
    public Wire client() throws IOException {
        int port = plane.port("shop/web");
        if (secure.isEmpty()) {
            return Wire.to(port);
        }
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return new Wire(secure.get().getSocketFactory().createSocket(socket, "localhost", port, true));
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
