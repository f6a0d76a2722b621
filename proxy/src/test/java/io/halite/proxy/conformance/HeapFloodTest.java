package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that together send more than the heap can bear, each within its limits: who comes too late is answered 503, what
 * is held is bounded, and when they have gone the proxy serves as before.
 */
class HeapFloodTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    /** From where on the one loop is careful. */
    private static final long MUCH =
            Runtime.getRuntime().maxMemory() / 8 / Runtime.getRuntime().availableProcessors();
    private static final int LINE = 4_000;
    private static final int LINES = 15;
    private static final int BATCH = 25;
    /** What the proxy holds for one of them; less while it waits for a place at the target, but never less than its head. */
    private static final int HELD = 84 * 1024;
    private static final int HEAD = 60 * 1024;

    private static long held(Scene scene) {
        return scene.plane().plane().traffic().loops().getFirst().bufferBytes();
    }

    private static String head(boolean whole) {
        StringBuilder head = new StringBuilder("GET /slow HTTP/1.1\r\nHost: a\r\n");
        for (int line = 0; line < LINES; line++) {
            head.append("X-").append(line).append(": ").append("x".repeat(LINE)).append("\r\n");
        }
        return head.append(whole ? "\r\n" : "X-Last: ").toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void headsThatFillTheHeap(boolean whole) throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            while (true) {
                if (wire.request().start().startsWith("GET /slow")) {
                    wire.readAll();
                } else {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            }
        });
        String patient = "timeouts: { requestHeader: 10m, responseHeader: 10m }\n    limits: { headers: 64KiB }";
        long limit = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getMaxFileDescriptorCount();
        assumeTrue(3 * (2 * MUCH / HELD + 2 * BATCH) + 1_000 < limit, "the limit of open files is " + limit);
        List<Wire> flood = new ArrayList<>();
        try (Scene scene = Scene.before(target, Engine.EPOLL, patient)) {
            long most = 4 * MUCH / HELD + 100;
            String head = head(whole);
            Optional<Wire> refused;
            do {
                assertTrue(flood.size() < most, "nobody was refused; held are " + held(scene));
                for (int number = 0; number < BATCH; number++) {
                    flood.add(scene.client().send(head));
                }
                refused = awaitHeldOrAnswered(scene, flood);
            } while (refused.isEmpty());
            assertEquals(503, refused.get().response().status());
            assertTrue(held(scene) <= 3 * MUCH + HELD, held(scene) + " bytes are held");
            // With a reset: who only says that nothing more comes, soon after the request, is waiting for the response.
            for (Wire each : flood) {
                each.reset();
            }
            await().until(() -> held(scene) < MUCH);
            assertEquals(200, scene.ask(GET).status());
            assertEquals(0, scene.plane().plane().traffic().loops().getFirst().exceptions());
        } finally {
            close(flood);
        }
    }

    /** Waits until the heads of all are held or somebody is answered, whom it returns. */
    private static Optional<Wire> awaitHeldOrAnswered(Scene scene, List<Wire> clients) {
        return await().pollInterval(Duration.ofMillis(5)).until(() -> answered(clients),
                answered -> answered.isPresent() || held(scene) >= clients.size() * (long) HEAD);
    }

    private static Optional<Wire> answered(List<Wire> clients) throws IOException {
        for (Wire client : clients) {
            if (client.hasInput()) {
                return Optional.of(client);
            }
        }
        return Optional.empty();
    }

    private static void close(List<Wire> wires) throws IOException {
        for (Wire each : wires) {
            each.close();
        }
    }
}
