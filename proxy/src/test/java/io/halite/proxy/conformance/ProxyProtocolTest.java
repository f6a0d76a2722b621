package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Upstream.ProxyVersion;
import io.halite.proxy.TestPlane;
import io.halite.proxy.proxyprotocol.ProxyHeader;
import io.halite.proxy.proxyprotocol.ProxyHeaderReader;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The PROXY protocol on both sides: whom it is believed from, where the address appears, what targets are told. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class ProxyProtocolTest {
    private static final String TRUSTED = "proxyProtocol: 127.0.0.0/8";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEADER = "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n";

    @Parameter
    Engine engine;

    private TestPlane plane(String listener, String pool, ScriptedTarget target) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        apply(plane, listener, pool, target);
        return plane;
    }

    private static void apply(TestPlane plane, String listener, String pool, ScriptedTarget target) throws Exception {
        boolean routed = listener.contains("protocol: http");
        assertTrue(plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", %s } ]
                    %s
                    timeouts: { requestHeader: 5s }
                pools:
                  app: { check: none, %s targets: [ { name: one, address: "%s" } ] }
                """.formatted(listener, routed ? "routes: [ { match: { source: 203.0.113.0/24 }, respond: { status: 418 } },"
                + " { forward: app } ]" : "", pool, target.address())).isEmpty());
    }

    private static Wire connect(TestPlane plane) throws IOException {
        return Wire.to(plane.port("shop/web"));
    }

    /** Reads the header that a target's connection begins with. */
    private static ProxyHeaderReader header(Wire wire) throws IOException {
        ProxyHeaderReader header = new ProxyHeaderReader();
        while (header.wants() > 0) {
            byte[] piece = wire.in().readNBytes(header.wants());
            if (piece.length == 0) {
                throw new IOException("ended within the header");
            }
            header.take(piece, 0, piece.length);
        }
        assertEquals(ProxyHeaderReader.COMPLETE, header.wants());
        return header;
    }

    /** A target that notes the client it was told of with each connection, then echoes requests. */
    private static ScriptedTarget told() throws IOException {
        return ScriptedTarget.running((wire, self) -> {
            self.note("client " + header(wire).source());
            while (true) {
                Message request = self.read(wire);
                String body = request.start();
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    @Test
    void theConveyedAddressIsTheClients() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x");
                TestPlane plane = plane("protocol: http, " + TRUSTED, "", target)) {
            try (Wire client = connect(plane)) {
                assertEquals(200, client.ask(HEADER + GET).status());
                assertEquals("192.0.2.7", target.take().header("x-forwarded-for").orElseThrow());
                assertEquals(200, client.ask(GET).status());
                assertEquals("192.0.2.7", target.take().header("x-forwarded-for").orElseThrow());
            }
            try (Wire client = connect(plane)) {
                byte[] six = InetAddress.ofLiteral("2001:db8::7").getAddress();
                client.send(ProxyHeader.of(ProxyVersion.V2, six, 1, new InetSocketAddress(InetAddress.ofLiteral("::1"), 2)));
                assertEquals(200, client.ask(GET).status());
                assertEquals("2001:db8::7", target.take().header("x-forwarded-for").orElseThrow());
            }
            // Routes match it as the source.
            try (Wire client = connect(plane)) {
                assertEquals(418, client.ask("PROXY TCP4 203.0.113.9 10.0.0.1 1 2\r\n" + GET).status());
            }
            // A sender that speaks for itself is its own client.
            try (Wire client = connect(plane)) {
                assertEquals(200, client.ask("PROXY UNKNOWN\r\n" + GET).status());
                assertEquals("127.0.0.1", target.take().header("x-forwarded-for").orElseThrow());
            }
        }
    }

    /** However the bytes are cut. */
    @Test
    void headersMayComeInPieces() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x");
                TestPlane plane = plane("protocol: http, " + TRUSTED, "", target)) {
            for (int cut = 1; cut < HEADER.length() + 2; cut += 3) {
                try (Wire client = connect(plane)) {
                    String all = HEADER + GET;
                    client.send(all.substring(0, cut));
                    assertEquals(200, client.ask(all.substring(cut)).status());
                    assertEquals("192.0.2.7", target.take().header("x-forwarded-for").orElseThrow());
                }
            }
        }
    }

    @Test
    void trustedSendersMustSendOne() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x");
                TestPlane plane = plane("protocol: http, " + TRUSTED, "", target)) {
            try (Wire client = connect(plane)) {
                assertTrue(client.send(GET).isEnded());
            }
            try (Wire client = connect(plane)) {
                assertTrue(client.send("PROXY TCP4 192.0.2.7 198.51.100.1 51234 0443\r\n" + GET).isEnded());
            }
            // Nothing at all comes, or too little.
            try (Wire silent = connect(plane); Wire slow = connect(plane)) {
                slow.send("PROXY TCP4");
                assertTrue(silent.isEnded());
                assertTrue(slow.isEnded());
            }
            assertEquals(4, plane.plane().traffic().refused().get("BAD_PROXY_HEADER"));
            assertEquals(0, target.waiting());
        }
    }

    /** From anybody else a header is what it is to the protocol of the listener: no request line. */
    @Test
    void othersAreNotBelieved() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x");
                TestPlane plane = plane("protocol: http, proxyProtocol: [ 10.0.0.0/8, \"fd00::/8\" ]", "", target)) {
            try (Wire client = connect(plane)) {
                assertEquals(400, client.ask(HEADER + GET).status());
            }
            try (Wire client = connect(plane)) {
                assertEquals(200, client.ask(GET).status());
                assertEquals("127.0.0.1", target.take().header("x-forwarded-for").orElseThrow());
            }
            // Trust is given and taken without touching the listener.
            int port = plane.port("shop/web");
            apply(plane, "protocol: http, " + TRUSTED, "", target);
            assertEquals(port, plane.port("shop/web"));
            try (Wire client = connect(plane)) {
                assertEquals(200, client.ask(HEADER + GET).status());
            }
        }
    }

    @Test
    void tcpRelaysTellTheirTarget() throws Exception {
        for (String version : new String[] {"v1", "v2"}) {
            ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
                ProxyHeaderReader header = header(wire);
                self.note(header.source() + " > " + header.destination());
                wire.send("got " + wire.read(3));
            });
            try (target; TestPlane plane = plane("protocol: tcp, pool: app, " + TRUSTED,
                    "proxyProtocol: " + version + ",", target)) {
                try (Wire client = connect(plane)) {
                    assertEquals("got abc", client.send(HEADER + "abc").readAll());
                    assertTrue(target.noted("/192.0.2.7:51234 > /198.51.100.1:443"));
                }
                try (Wire client = connect(plane)) {
                    assertEquals("got abc", client.send("PROXY UNKNOWN\r\nabc").readAll());
                    assertTrue(target.noted("/127.0.0.1:" + client.localPort() + " > /127.0.0.1:" + plane.port("shop/web")));
                }
            }
        }
    }

    /** A connection to a target belongs to the client it began with: it is kept for that client and for no other. */
    @Test
    void requestsTravelOnlyOverTheirClientsConnection() throws Exception {
        try (ScriptedTarget target = told();
                TestPlane plane = plane("protocol: http", "proxyProtocol: v2, keepAlive: { connections: 2 },", target);
                Wire one = connect(plane); Wire two = connect(plane)) {
            for (int round = 0; round < 3; round++) {
                assertEquals(200, one.ask(GET).status());
                assertEquals(200, two.ask(GET).status());
            }
            assertEquals(2, target.connections());
            assertNotEquals(one.localPort(), two.localPort());
            assertTrue(target.noted("client /127.0.0.1:" + one.localPort()));
            assertTrue(target.noted("client /127.0.0.1:" + two.localPort()));
            // A third displaces the eldest instead of finding no room.
            try (Wire three = connect(plane)) {
                assertEquals(200, three.ask(GET).status());
                assertEquals(200, three.ask(GET).status());
                assertEquals(3, target.connections());
                assertTrue(target.noted("client /127.0.0.1:" + three.localPort()));
            }
        }
    }

    /** Switching the header on or off at run time: no request goes over a connection that began otherwise. */
    @Test
    void connectionsOfAnotherKindAreNotUsed() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            boolean told = wire.in().read() == '\r';
            if (told) {
                wire.in().readNBytes(27);
            }
            wire.in().transferTo(new java.io.OutputStream() {
                private int line;

                @Override
                public void write(int octet) throws IOException {
                    line = octet == '\n' ? line + 1 : octet == '\r' ? line : 0;
                    if (line == 2) {
                        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + (told ? "y" : "n"));
                    }
                }
            });
        });
        try (target; TestPlane plane = plane("protocol: http", "", target); Wire client = connect(plane)) {
            assertEquals("n", client.ask(GET).body());
            apply(plane, "protocol: http", "proxyProtocol: v2,", target);
            assertEquals("y", client.ask(GET).body());
            apply(plane, "protocol: http", "", target);
            assertEquals("n", client.ask(GET).body());
        }
    }
}
