package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The PROXY protocol as curl and HAProxy speak it: {@code send-proxy} before us and {@code accept-proxy} behind us. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class ProxyProtocolPeersTest {
    /** Where curl connects from; no other program here does. */
    private static final String CLIENT = "127.0.0.9";

    @Parameter
    Engine engine;

    @TempDir
    Path directory;

    private Peer haproxy(String name, int port, String rest) throws Exception {
        Path config = directory.resolve(name + ".cfg");
        Files.writeString(config, """
                defaults
                  mode http
                  timeout connect 10s
                  timeout client 30s
                  timeout server 30s
                listen %s
                  bind 127.0.0.1:%d
                """.formatted(name, port) + rest);
        return Peer.listening(port, "haproxy", "-db", "-f", config.toString());
    }

    private TestPlane plane(String listener, String version, int target) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", proxyProtocol: 127.0.0.0/8, %s } ]
                    %s
                pools:
                  app: { check: none, proxyProtocol: %s, targets: [ "127.0.0.1:%d" ] }
                """.formatted(listener, listener.contains("http") ? "routes: [ { forward: app } ]" : "", version, target));
        return plane;
    }

    /** The last in the chain says whom it takes for its client, and where that client wanted to go. */
    private Peer teller(int port) throws Exception {
        return haproxy("teller", port, """
                  tcp-request connection expect-proxy layer4 if { src 127.0.0.1 }
                  http-request return status 200 content-type text/plain lf-string "%[src] %[dst_port]"
                """);
    }

    @Test
    void curlSpeaksForItsClient() throws Exception {
        int port = Ports.free();
        try (Peer _ = teller(port)) {
            for (String listener : new String[] {"protocol: http", "protocol: tcp, pool: app"}) {
                for (String version : new String[] {"v1", "v2"}) {
                    try (TestPlane plane = plane(listener, version, port)) {
                        int entry = plane.port("shop/web");
                        assertEquals(CLIENT + " " + entry, Peer.run("curl", "-sS", "--haproxy-protocol", "--interface",
                                CLIENT, "http://127.0.0.1:" + entry + "/"));
                    }
                }
            }
        }
    }

    @Test
    void haproxyBeforeAndBehind() throws Exception {
        int port = Ports.free();
        try (Peer _ = teller(port)) {
            for (String version : new String[] {"send-proxy", "send-proxy-v2"}) {
                for (String listener : new String[] {"protocol: http", "protocol: tcp, pool: app"}) {
                    int entry = Ports.free();
                    try (TestPlane plane = plane(listener, "v2", port);
                            Peer _ = haproxy("sender", entry,
                                    "  server halite 127.0.0.1:" + plane.port("shop/web") + " " + version + "\n")) {
                        assertEquals(CLIENT + " " + entry,
                                Peer.run("curl", "-sS", "--interface", CLIENT, "http://127.0.0.1:" + entry + "/"));
                    }
                }
            }
        }
    }
}
