package io.halite.proxy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.halite.config.Ticker;
import io.halite.proxy.http2.Http2WebSockets;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.table.ForwardingTable;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Keyring.Identity;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.WebSocketCrowd;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * WebSockets outlive every change of the config, however many there are: over HTTP/1.1, over HTTP/2 and over TLS.
 * Targets come, go and change their weight, the pool is replaced, and so are routes, limits, a certificate and other
 * listeners. {@code -Dhalite.long.rounds} says how many changes the long run makes, {@code -Dhalite.long.sockets} among
 * how many sockets.
 */
class WebSocketsThroughChangesTest {
    private static final int BATCH = 50;
    private static final int SECURE = 10;
    private static final int STREAMS = 50;
    private static final int SPARE_DESCRIPTORS = 1_000;
    /** The table in force, the one that the sockets began with, and what a loop has in its hands. */
    private static final int TABLES = 4;

    private final Keyring keyring = new Keyring();
    private final List<Identity> identities = List.of(
            keyring.issue("a.example"), keyring.issue("a.example"), keyring.issue("a.example"));
    private final int web = Ports.free();
    private final int secure = Ports.free();
    private final List<WeakReference<ForwardingTable>> tables = new ArrayList<>();

    WebSocketsThroughChangesTest() throws IOException {}

    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
    void hundredsSurviveFiftyChanges(Engine engine) throws Exception {
        run(engine, 120, 80, 50, 10);
    }

    /** Half of them over HTTP/2: there each costs the proxy one descriptor, and one over HTTP/1.1 two. */
    @Test
    @Tag("long")
    void tenThousandSurviveAThousandChanges() throws Exception {
        int sockets = Integer.getInteger("halite.long.sockets", 10_000);
        run(Engine.AUTO, sockets - sockets / 2, sockets / 2, Integer.getInteger("halite.long.rounds", 1_000), BATCH);
    }

    private void run(Engine engine, int plain, int streams, int changes, int batch) throws Exception {
        long limit = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getMaxFileDescriptorCount();
        // A loop that has seven eighths of its share takes no more clients, and the loops' shares are not quite even.
        assumeTrue((2L * plain + streams) * 5 / 4 + SPARE_DESCRIPTORS <= limit, "the limit of open files is " + limit);
        List<AutoCloseable> open = new ArrayList<>();
        try (WebSocketCrowd crowd = WebSocketCrowd.start(); TestPlane plane = TestPlane.start(engine, 2, keyring)) {
            long start = Ticker.SYSTEM.nanos();
            change(plane, crowd, 0);
            crowd.open(web, plain);
            List<Http2WebSockets> shared = new ArrayList<>();
            for (int left = streams; left > 0; left -= STREAMS) {
                shared.add(Http2WebSockets.open(web, Math.min(left, STREAMS)));
                open.add(shared.getLast());
            }
            List<Wire> encrypted = new ArrayList<>();
            for (int number = 0; number < SECURE; number++) {
                encrypted.add(upgraded(connect()));
                open.add(encrypted.getLast());
            }
            echo(0, crowd, shared, encrypted);
            long heap = heap();
            long opened = Ticker.SYSTEM.nanos();
            long changing = 0;
            for (int change = 1; change <= changes; change++) {
                long before = Ticker.SYSTEM.nanos();
                change(plane, crowd, change);
                changing += Ticker.SYSTEM.nanos() - before;
                if (change % batch == 0 || change == changes) {
                    echo(change, crowd, shared, encrypted);
                    assertInForce(change);
                }
            }
            await().untilAsserted(this::assertOldTablesAreGone);
            echo(changes + 1, crowd, shared, encrypted);
            System.getLogger(WebSocketsThroughChangesTest.class.getName()).log(System.Logger.Level.INFO,
                    "websockets survived sockets=" + (plain + streams + SECURE) + " changes=" + changes
                    + " openingMs=" + (opened - start) / 1_000_000 + " changesMs=" + changing / 1_000_000
                    + " allMs=" + (Ticker.SYSTEM.nanos() - start) / 1_000_000
                    + " tables=" + tablesLeft() + " heapBeforeKiB=" + heap / 1024 + " heapAfterKiB=" + heap() / 1024);
            for (AutoCloseable one : open) {
                one.close();
            }
        }
    }

    private static void echo(int round, WebSocketCrowd crowd, List<Http2WebSockets> shared, List<Wire> encrypted)
            throws IOException {
        crowd.echo(round);
        for (Http2WebSockets one : shared) {
            one.echo(round);
        }
        for (Wire one : encrypted) {
            String text = "secure %d round %d\n".formatted(one.localPort(), round);
            assertEquals(text, one.send(text).read(text.length()));
        }
    }

    private void change(TestPlane plane, WebSocketCrowd crowd, int number) throws InterruptedException {
        assertEquals(List.of(), plane.apply(document(crowd.targets(), number)));
        tables.add(new WeakReference<>(plane.plane().table()));
    }

    /** No two neighbours are alike in anything but the two listeners. */
    private String document(List<String> targets, int number) {
        List<String> entries = new ArrayList<>();
        for (int target = 0; target < targets.size(); target++) {
            if (number % 4 != target) {
                entries.add("{ name: t%d, address: \"%s\", weight: %d }".formatted(
                        target, targets.get(target), 1 + (number + target) % 7));
            }
        }
        String pool = number % 10 == 9 ? "other" : "app";
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners:
                      - { name: web, address: "127.0.0.1:%d", protocol: http }
                      - { name: secure, address: "127.0.0.1:%d", protocol: https, certificates: [shown] }
                %s
                    limits: { body: %dKiB }
                    routes:
                      - { match: { path: /now }, respond: { status: 200, body: "%d" } }
                      - { match: { path: /only-%d }, forward: %s }
                      - { forward: %s }
                pools:
                  %s: { check: none, limits: { requests: %d }, targets: [ %s ] }
                certificates:
                %s""".formatted(web, secure,
                number % 3 == 1 ? "      - { name: more, address: \"127.0.0.1:0\", protocol: http }" : "",
                1 + number % 100, number, number, pool, pool, pool, 20_000 + number, String.join(", ", entries),
                keyring.served("shown", identity(number)));
    }

    private Identity identity(int change) {
        return identities.get(change / 2 % identities.size());
    }

    private Wire connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), secure);
        return new Wire(keyring.context().getSocketFactory().createSocket(socket, "a.example", secure, true));
    }

    private static Wire upgraded(Wire wire) throws IOException {
        assertEquals(101, wire.ask(Wire.head("GET /chat HTTP/1.1", "Host: a.example", "Connection: Upgrade",
                "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
                .status());
        return wire;
    }

    /** A client that comes now is served by the latest config, and shown its certificate. */
    private void assertInForce(int change) throws IOException {
        try (Wire wire = connect()) {
            assertEquals(String.valueOf(change), wire.ask(Wire.head("GET /now HTTP/1.1", "Host: a.example")).body());
            X509Certificate shown = (X509Certificate) wire.session().getPeerCertificates()[0];
            assertEquals(identity(change).certificate().getSerialNumber(), shown.getSerialNumber());
        }
    }

    private void assertOldTablesAreGone() {
        System.gc();
        long left = tablesLeft();
        assertEquals(Math.min(left, TABLES), left, "tables of the past are held");
    }

    private long tablesLeft() {
        return tables.stream().filter(table -> table.get() != null).count();
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
