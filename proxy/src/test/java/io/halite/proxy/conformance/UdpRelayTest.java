package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.config.AdminState;
import io.halite.config.TargetRef;
import io.halite.health.Health;
import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.DatagramClient;
import io.halite.proxy.testing.DatagramTarget;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import io.halite.proxy.traffic.Traffic;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners of protocol udp: sessions, whom they stay with, when they end, and whom replies come from. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class UdpRelayTest {
    @Parameter
    Engine engine;

    private static String document(String pool, String more) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  log:
                    listeners: [ { name: in, address: "127.0.0.1:0", protocol: udp, pool: app } ]
                    %s
                pools:
                  app: { check: none, %s }
                """.formatted(more, pool);
    }

    private TestPlane plane(String pool, String more) throws Exception {
        TestPlane plane = TestPlane.start(engine, 2);
        assertTrue(plane.apply(document(pool, more)).isEmpty());
        return plane;
    }

    private static String targets(DatagramTarget... targets) {
        return "targets: [ " + String.join(", ", IntStream.range(0, targets.length).mapToObj(
                at -> "{ name: t" + at + ", address: \"" + targets[at].address() + "\" }").toList()) + " ]";
    }

    private static DatagramClient client(TestPlane plane) throws IOException {
        return new DatagramClient("127.0.0.1", plane.port("log/in"));
    }

    private static Traffic.ListenerTraffic listener(TestPlane plane) {
        return plane.plane().traffic().listeners().getFirst();
    }

    @Test
    void aSenderStaysWithItsTarget() throws Exception {
        try (DatagramTarget one = DatagramTarget.named("one"); DatagramTarget two = DatagramTarget.named("two");
                TestPlane plane = plane(targets(one, two), "")) {
            int ones = 0;
            for (int round = 0; round < 8; round++) {
                try (DatagramClient client = client(plane)) {
                    String first = client.ask("a");
                    String name = first.substring(0, 3);
                    ones += name.equals("one") ? 1 : 0;
                    assertEquals(name + ":b", client.ask("b"));
                    assertEquals(name + ":c", client.ask("c"));
                }
            }
            // Both loops start with either target, so an even spread within each.
            assertTrue(ones >= 2 && ones <= 6, "spread " + ones);
            assertEquals(8, one.senders() + two.senders());
            assertEquals(8, listener(plane).open());
            assertEquals(8, listener(plane).accepted());
            assertEquals(24, listener(plane).bytesIn());
            await().until(() -> listener(plane).bytesOut() == 24 * 5);
            assertEquals(8, plane.plane().inFlight(new TargetRef("app", "t0"))
                    + plane.plane().inFlight(new TargetRef("app", "t1")));
        }
    }

    /** Over all loops; who was there before is served all along. */
    @Test
    void aSourceHasSoManySessions() throws Exception {
        try (DatagramTarget one = DatagramTarget.named("one");
                TestPlane plane = plane(targets(one), "limits: { connectionsPerSource: 3 }");
                DatagramClient a = client(plane); DatagramClient b = client(plane); DatagramClient c = client(plane);
                DatagramClient d = client(plane);
                DatagramClient elsewhere = DatagramClient.from("127.0.0.2", "127.0.0.1", plane.port("log/in"))) {
            assertEquals("one:a", a.ask("a"));
            assertEquals("one:b", b.ask("b"));
            assertEquals("one:c", c.ask("c"));
            d.send("d");
            await().until(() -> plane.plane().traffic().refused().getOrDefault("SOURCE_LIMIT", 0L) == 1);
            assertEquals("one:e", elsewhere.ask("e"));
            assertEquals("one:f", a.ask("f"));
            assertEquals(4, listener(plane).open());
            assertEquals(4, one.senders());
        }
    }

    /** Those that ended make room, and those that no target answered give way. */
    @Test
    void aListenerHasSoManySessions() throws Exception {
        try (DatagramTarget mute = DatagramTarget.answering(got -> got.length == "hush".length() ? null : got);
                TestPlane plane = TestPlane.start(engine, 1)) {
            assertTrue(plane.apply(document(targets(mute), "limits: { connections: 2 }")).isEmpty());
            try (DatagramClient known = client(plane); DatagramClient silent = client(plane);
                    DatagramClient late = client(plane); DatagramClient last = client(plane)) {
                known.ask("x");
                silent.send("hush");
                await().until(() -> listener(plane).open() == 2);
                late.ask("y");
                assertEquals(1L, plane.plane().traffic().refused().get("UDP_SESSION_DISPLACED"));
                last.send("z");
                await().until(() -> plane.plane().traffic().refused().getOrDefault("CONNECTION_LIMIT", 0L) == 1);
                known.ask("still there");
                assertEquals(2, listener(plane).open());
            }
        }
    }

    @Test
    void silenceEndsASession() throws Exception {
        try (DatagramTarget one = DatagramTarget.named("one");
                TestPlane plane = plane(targets(one), "timeouts: { session: 3s }");
                DatagramClient client = client(plane)) {
            assertEquals("one:a", client.ask("a"));
            await().until(() -> listener(plane).open() == 0);
            assertEquals(0, plane.plane().inFlight(new TargetRef("app", "t0")));
            Traffic.Series series = plane.plane().traffic().series().getFirst();
            assertEquals("log/in app t0", series.listener() + " " + series.pool() + " " + series.target());
            assertEquals(1, series.upstream().count());
            assertEquals("one:b", client.ask("b"));
            assertEquals(2, one.senders());
        }
    }

    @Test
    void sizesUpToTheMost() throws Exception {
        try (DatagramTarget one = DatagramTarget.answering(got -> got); TestPlane plane = plane(targets(one), "");
                DatagramClient client = client(plane)) {
            assertEquals("x".repeat(65_507), client.ask("x".repeat(65_507)));
            assertEquals("y", client.ask("y"));
        }
    }

    /** The pool changes while the session lives: its socket stays the same as long as its target may keep it. */
    @Test
    void sessionsOutliveChanges() throws Exception {
        try (DatagramTarget one = DatagramTarget.named("one"); DatagramTarget two = DatagramTarget.named("two");
                TestPlane plane = plane("algorithm: first, " + targets(one), ""); DatagramClient client = client(plane)) {
            assertEquals("one:a", client.ask("a"));
            plane.apply(document("algorithm: random, " + targets(one, two), "timeouts: { session: 20s }"));
            for (int round = 0; round < 8; round++) {
                assertEquals("one:b", client.ask("b"));
            }
            // Draining keeps it, new ones go elsewhere.
            plane.admin("app", "t0", AdminState.DRAIN);
            assertEquals("one:c", client.ask("c"));
            try (DatagramClient late = client(plane)) {
                assertEquals("two:c", late.ask("c"));
            }
            assertEquals(1, one.senders());
            // A target in maintenance or gone keeps nobody, nor does one that failed.
            plane.admin("app", "t0", AdminState.MAINT);
            assertEquals("two:d", client.ask("d"));
            plane.admin("app", "t0", AdminState.READY);
            assertEquals("two:d", client.ask("d"));
            plane.health().set("app", "t0", Health.HEALTHY);
            plane.health().set("app", "t1", Health.UNHEALTHY);
            assertEquals("one:e", client.ask("e"));
            plane.apply(document(targets(two), ""));
            assertEquals("two:f", client.ask("f"));
            assertEquals(1, listener(plane).accepted() - 1);
        }
    }

    @Test
    void aListenerMayGetAnotherName() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket()) {
            port = free.getLocalPort();
        }
        String document = document("", "").replace("127.0.0.1:0", "127.0.0.1:" + port);
        try (DatagramTarget one = DatagramTarget.named("one"); TestPlane plane = TestPlane.start(engine, 2)) {
            plane.apply(document.replace("check: none,", "check: none, " + targets(one)));
            try (DatagramClient client = new DatagramClient("127.0.0.1", port)) {
                assertEquals("one:a", client.ask("a"));
                plane.apply(document.replace("check: none,", "check: none, " + targets(one))
                        .replace("name: in", "name: im"));
                assertEquals("one:b", client.ask("b"));
                assertEquals(1, one.senders());
                await().until(() -> plane.plane().traffic().listeners().stream().anyMatch(
                        listed -> listed.listener().equals("log/im") && listed.open() == 1));
            }
        }
    }

    /** Who may not use the load balancer gets no session; who has one keeps it. */
    @Test
    void accessIsByTheSendersAddress() throws Exception {
        try (DatagramTarget one = DatagramTarget.named("one");
                TestPlane plane = plane(targets(one), "access: { allow: 127.0.0.0/29, deny: 127.0.0.3 }");
                DatagramClient allowed = from("127.0.0.2", plane); DatagramClient denied = from("127.0.0.3", plane);
                DatagramClient stranger = from("127.0.0.9", plane)) {
            assertEquals("one:a", allowed.ask("a"));
            denied.send("b");
            stranger.send("c");
            await().until(() -> plane.plane().traffic().refused().getOrDefault("FORBIDDEN", 0L) == 2);
            assertTrue(denied.hearsNothing() && stranger.hearsNothing());
            assertEquals(1, listener(plane).accepted());
            assertEquals(1, one.senders());
            plane.apply(document(targets(one), "access: { deny: 127.0.0.2 }"));
            assertEquals("one:d", allowed.ask("d"));
            assertEquals("one:e", denied.ask("e"));
            assertEquals("one:f", stranger.ask("f"));
            try (DatagramClient late = from("127.0.0.2", plane)) {
                assertTrue(late.send("g").hearsNothing());
            }
            assertEquals(3, one.senders());
        }
    }

    private static DatagramClient from(String source, TestPlane plane) throws IOException {
        return DatagramClient.from(source, "127.0.0.1", plane.port("log/in"));
    }

    /** The machine of a target says that nobody receives there: the client's next try goes to another. */
    @Test
    void refusalsAreFelt() throws Exception {
        try (DatagramTarget one = DatagramTarget.named("one")) {
            int dead;
            try (DatagramSocket socket = new DatagramSocket()) {
                dead = socket.getLocalPort();
            }
            try (TestPlane plane = plane("algorithm: first, targets: [ \"127.0.0.1:" + dead + "\", \"" + one.address()
                    + "\" ]", ""); DatagramClient client = client(plane)) {
                assertEquals("one:a", client.askPatiently("a"));
                assertEquals("one:b", client.ask("b"));
                assertEquals(1, listener(plane).open());
                await().until(() -> plane.plane().traffic().series().stream().mapToLong(Traffic.Series::retries).sum() > 0);
                // Refused three times, it is out for everybody.
                await().until(() -> {
                    try (DatagramClient other = client(plane)) {
                        other.askPatiently("x");
                    }
                    return plane.plane().table().pools().get("app").members().getFirst().entry().ejection()
                            .isEjected(System.nanoTime());
                });
            }
        }
    }

    @Test
    void aTargetThatComesBackIsUsed() throws Exception {
        int port;
        try (DatagramSocket socket = new DatagramSocket()) {
            port = socket.getLocalPort();
        }
        try (TestPlane plane = plane("targets: [ \"127.0.0.1:" + port + "\" ]", ""); DatagramClient client = client(plane)) {
            client.send("a");
            assertTrue(client.hearsNothing());
            try (DatagramTarget back = DatagramTarget.at(port, got -> got)) {
                assertEquals("b", client.askPatiently("b"));
                assertEquals(port, back.port());
            }
        }
    }

    /** Closing waits for the replies that are under way, and takes no new senders. */
    @Test
    void drainingLetsRepliesThrough() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (DatagramTarget slow = DatagramTarget.answering(got -> {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return got;
        }); TestPlane plane = plane(targets(slow), ""); DatagramClient client = client(plane);
                DatagramClient late = client(plane)) {
            client.send("a");
            asked.await();
            plane.apply("apiVersion: halite/v1");
            late.send("b");
            answer.countDown();
            assertEquals("a", client.receive());
            await().until(() -> listener(plane).open() == 0);
            assertTrue(plane.plane().drain(Duration.ofSeconds(10)));
            assertEquals(1, slow.senders());
        }
    }

    /** The address is wanted again while the last replies are awaited. */
    @Test
    void anAddressIsFreeAtOnce() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket()) {
            port = free.getLocalPort();
        }
        try (DatagramTarget mute = DatagramTarget.answering(got -> null); DatagramTarget one = DatagramTarget.named("one");
                TestPlane plane = TestPlane.start(engine, 2);
                DatagramClient client = new DatagramClient("127.0.0.1", port)) {
            String fixed = document("%s", "").replace("127.0.0.1:0", "127.0.0.1:" + port);
            assertTrue(plane.apply(fixed.formatted(targets(mute))).isEmpty());
            client.send("a");
            await().until(() -> mute.senders() == 1);
            plane.apply("apiVersion: halite/v1");
            // A selector closes a channel in its next turn.
            await().until(() -> plane.apply(fixed.formatted(targets(one))).isEmpty());
            assertEquals("one:b", client.askPatiently("b"));
        }
    }

    /** The same number for connections and for datagrams are two ports; one that another program has is reported. */
    @Test
    void portsAreOfTheirProtocol() throws Exception {
        try (DatagramTarget one = DatagramTarget.named("one"); ScriptedTarget stream = ScriptedTarget.ok("x");
                DatagramSocket taken = new DatagramSocket(0, java.net.InetAddress.getLoopbackAddress());
                TestPlane plane = TestPlane.start(engine, 2)) {
            int port = Ports.free();
            var failures = plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      both:
                        listeners:
                          - { name: udp, address: "127.0.0.1:%1$d", protocol: udp, pool: datagrams }
                          - { name: tcp, address: "127.0.0.1:%1$d", protocol: tcp, pool: streams }
                          - { name: taken, address: "127.0.0.1:%2$d", protocol: udp, pool: datagrams }
                    pools:
                      datagrams: { check: none, targets: [ "%3$s" ] }
                      streams: { check: none, targets: [ "%4$s" ] }
                    """.formatted(port, taken.getLocalPort(), one.address(), stream.address()));
            assertEquals(1, failures.size());
            assertEquals("PORT_TAKEN", failures.getFirst().code());
            try (DatagramClient client = new DatagramClient("127.0.0.1", port); Wire wire = Wire.to(port)) {
                assertEquals("one:a", client.ask("a"));
                assertEquals("x", wire.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").body());
            }
        }
    }

    /** On a wildcard, a reply comes from the address that was asked; the JDK's channels cannot do it. */
    @Test
    void repliesComeFromTheAddressAsked() throws Exception {
        assumeTrue(engine == Engine.EPOLL, "the JDK does not tell the address asked");
        for (String wildcard : new String[] {"0.0.0.0", "[::]"}) {
            try (DatagramTarget one = DatagramTarget.named("one"); TestPlane plane = TestPlane.everywhere(engine, 2)) {
                assertTrue(plane.apply(document(targets(one), "").replace("127.0.0.1:0", wildcard + ":0")).isEmpty());
                for (String address : new String[] {"127.0.0.1", "127.0.0.5", "127.3.2.1"}) {
                    try (DatagramClient client = new DatagramClient(address, plane.port("log/in"))) {
                        assertEquals("one:a", client.ask("a"));
                        assertEquals("one:b", client.ask("b"));
                    }
                }
                assertEquals(3, listener(plane).open());
            }
        }
    }

    /** A resolver's view: dig through the listener to a server that answers every question with one address. */
    @Test
    void digGetsItsAnswer() throws Exception {
        try (DatagramTarget server = DatagramTarget.answering(UdpRelayTest::dnsAnswer);
                TestPlane plane = plane(targets(server), "")) {
            String said = Peer.run("dig", "@127.0.0.1", "-p", String.valueOf(plane.port("log/in")), "+short", "+noedns",
                    "www.example.net", "A");
            assertEquals("192.0.2.1", said.strip());
        }
    }

    private static byte[] dnsAnswer(byte[] query) {
        ByteBuffer answer = ByteBuffer.allocate(query.length + 16).put(query);
        answer.putShort((short) 0xC00C).putShort((short) 1).putShort((short) 1).putInt(60)
                .putShort((short) 4).put(new byte[] {(byte) 192, 0, 2, 1});
        return answer.put(2, (byte) 0x84).putShort(6, (short) 1).array();
    }
}
