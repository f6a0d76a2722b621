package io.halite.proxy.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates replaced again and again while clients come and go: nobody notices but by the certificate. */
@ParameterizedClass
@CsvSource({"EPOLL, JSSE", "SELECTOR, JSSE", "EPOLL, OPENSSL", "SELECTOR, OPENSSL"})
class CertificateSwapTest {
    private static final int SWAPS = 30;
    private static final int IN_A_ROW = 4;

    @Parameter(0)
    Engine engine = Engine.AUTO;

    @Parameter(1)
    TlsEngine tls = TlsEngine.AUTO;

    @Test
    void noRequestFailsWhenCertificatesAreReplaced() throws Exception {
        try (SecureScene scene = SecureScene.before(ScriptedTarget.ok("yes"), engine, tls)) {
            Keyring keys = scene.keyring();
            whileClientsComeAndGo(5, scene::client, _ -> assertEquals(List.of(), scene.apply(
                    "shop", "", keys.served("shop", keys.issue("shop.example.com")))));
        }
    }

    /**
     * The sockets go from one listener to the next, handshakes under way along with them; so fast at times that one has
     * left before anybody came to it.
     */
    @Test
    void noRequestFailsWhenTheListenerGetsAnotherName() throws Exception {
        assumeTrue(tls != TlsEngine.OPENSSL || OpenSsl.isAvailable(), "no OpenSSL 3 on this machine");
        Keyring keys = new Keyring();
        String certificates = keys.served("shop", keys.issue("shop.example.com"));
        try (ScriptedTarget target = ScriptedTarget.ok("yes");
                TestPlane plane = TestPlane.start(engine, 1, keys, tls)) {
            int port = Ports.free();
            SwapAction name = swap -> assertEquals(List.of(), plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners:
                          - { name: web-%d, address: "127.0.0.1:%d", protocol: https, certificates: [shop] }
                        timeouts: { requestHeader: 1m }
                        routes: [ { forward: app } ]
                    pools:
                      app: { check: none, targets: [ "%s" ] }
                    certificates:
                    """.formatted(swap, port, target.address()) + certificates));
            name.run(0);
            whileClientsComeAndGo(1, () -> new Wire(keys.context().getSocketFactory().createSocket(
                    new Socket(InetAddress.getLoopbackAddress(), port), "shop.example.com", port, true)), _ -> {
                for (int next = 1; next <= IN_A_ROW; next++) {
                    name.run(next);
                }
            });
        }
    }

    /** What changes the config. */
    @FunctionalInterface
    private interface SwapAction {
        void run(int swap) throws InterruptedException;
    }

    /** What makes a connection. */
    @FunctionalInterface
    private interface Connecting {
        Wire connect() throws IOException;
    }

    /**
     * Asks without pause while the config changes.
     *
     * @param requests on each connection; a kept-alive one may be closed by its listener just before the next
     */
    private static void whileClientsComeAndGo(int requests, Connecting clients, SwapAction action) throws Exception {
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger connections = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int at = 0; at < 4; at++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    try (Wire client = clients.connect()) {
                        for (int count = 0; count < requests; count++) {
                            assertEquals("yes", client.ask(SecureScene.GET).body());
                        }
                        connections.incrementAndGet();
                    } catch (IOException failed) {
                        failures.add(failed.toString());
                    }
                }
            }));
        }
        for (int swap = 0; swap < SWAPS; swap++) {
            int before = connections.get();
            action.run(swap);
            await().until(() -> connections.get() > before || !failures.isEmpty());
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(connections.get() >= SWAPS, connections + " connections");
    }
}
