package io.halite.proxy.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

/** Certificates replaced again and again while clients come and go: nobody notices but by the certificate. */
@ParameterizedClass
@CsvSource({"EPOLL, JSSE", "SELECTOR, JSSE", "EPOLL, OPENSSL", "SELECTOR, OPENSSL"})
class CertificateSwapTest {
    private static final int SWAPS = 30;
    private static final int REQUESTS_PER_CONNECTION = 5;

    @Parameter(0)
    Engine engine = Engine.AUTO;

    @Parameter(1)
    TlsEngine tls = TlsEngine.AUTO;

    @Test
    void noRequestFails() throws Exception {
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger connections = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        try (SecureScene scene = SecureScene.before(ScriptedTarget.ok("yes"), engine, tls)) {
            List<Thread> clients = new ArrayList<>();
            for (int at = 0; at < 4; at++) {
                clients.add(Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        try (Wire client = scene.client()) {
                            for (int count = 0; count < REQUESTS_PER_CONNECTION; count++) {
                                assertEquals("yes", client.ask(SecureScene.GET).body());
                            }
                            connections.incrementAndGet();
                        } catch (IOException failed) {
                            failures.add(failed.toString());
                        }
                    }
                }));
            }
            Keyring keys = scene.keyring();
            for (int swap = 0; swap < SWAPS; swap++) {
                int before = connections.get();
                assertEquals(List.of(), scene.apply(
                        "shop", "", keys.served("shop", keys.issue("shop.example.com"))));
                await().until(() -> connections.get() > before || !failures.isEmpty());
            }
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            assertTrue(connections.get() >= SWAPS, connections + " connections");
        }
    }
}
