package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How many connections a listener takes, from everybody and from one client, over all loops. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class AdmissionTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    Engine engine;

    private TestPlane plane;
    private final List<Wire> clients = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        plane = TestPlane.start(engine, 2);
    }

    @AfterEach
    void stop() throws Exception {
        for (Wire client : clients) {
            client.close();
        }
        plane.close();
    }

    private void apply(String limits, String listener) throws Exception {
        assertEquals(List.of(), plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    limits: { %s }
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http %s } ]
                    routes: [ { respond: { body: hi } } ]
                """.formatted(limits, listener)));
    }

    private Wire client(String preamble) throws IOException {
        Wire client = Wire.to(plane.port("shop/web")).send(preamble);
        clients.add(client);
        return client;
    }

    private static boolean isServed(Wire client) {
        try {
            return client.ask(GET).status() == 200;
        } catch (IOException refused) {
            return false;
        }
    }

    private long refused(String reason) {
        return plane.plane().traffic().refused().getOrDefault(reason, 0L);
    }

    @Test
    void aListenerTakesSoManyConnections() throws Exception {
        apply("connections: 5", "");
        for (int i = 0; i < 5; i++) {
            assertTrue(isServed(client("")));
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(false, isServed(client("")));
        }
        assertEquals(10, refused("CONNECTION_LIMIT"));
        clients.getFirst().close();
        await().until(() -> isServed(client("")));
        assertEquals(false, isServed(client("")));
    }

    @Test
    void aClientGetsSoManyConnections() throws Exception {
        apply("connectionsPerSource: 2", ", proxyProtocol: 127.0.0.1/32");
        String one = "PROXY TCP4 192.0.2.1 192.0.2.9 1000 80\r\n";
        String other = "PROXY TCP4 192.0.2.2 192.0.2.9 1000 80\r\n";
        for (String preamble : List.of(one, one, other, other)) {
            assertTrue(isServed(client(preamble)));
        }
        assertEquals(false, isServed(client(one)));
        assertEquals(1, refused("SOURCE_LIMIT"));
        clients.getFirst().close();
        await().until(() -> isServed(client(one)));
        assertEquals(false, isServed(client(one)));
        assertEquals(false, isServed(client(other)));
    }

    /** Who has a network of IPv6 has 2^64 addresses. */
    @Test
    void aNetworkOfIpv6IsOneClient() throws Exception {
        apply("connectionsPerSource: 1", ", proxyProtocol: 127.0.0.1/32");
        assertTrue(isServed(client("PROXY TCP6 2001:db8:0:1::1 2001:db8::9 1000 80\r\n")));
        assertEquals(false, isServed(client("PROXY TCP6 2001:db8:0:1::2 2001:db8::9 1000 80\r\n")));
        assertTrue(isServed(client("PROXY TCP6 2001:db8:0:2::1 2001:db8::9 1000 80\r\n")));
    }

    /** Connections from before the limit stay, and count. */
    @Test
    void aLimitMayComeLater() throws Exception {
        apply("body: 1MiB", "");
        for (int i = 0; i < 3; i++) {
            assertTrue(isServed(client("")));
        }
        apply("connections: 2", "");
        assertEquals(false, isServed(client("")));
        for (int i = 0; i < 3; i++) {
            assertTrue(isServed(clients.get(i)));
        }
        clients.get(0).close();
        clients.get(1).close();
        await().until(() -> isServed(client("")));
    }
}
