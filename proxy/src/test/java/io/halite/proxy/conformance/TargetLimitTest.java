package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.TargetRef;
import io.halite.health.Health;
import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets that are asked so much at a time and no more, and the requests that wait for them, over two loops. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class TargetLimitTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    Engine engine;

    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<Wire> clients = new ArrayList<>();
    private TestPlane plane;
    private ScriptedTarget target;

    @BeforeEach
    void start() throws Exception {
        plane = TestPlane.start(engine, 2);
        target = ScriptedTarget.running((wire, self) -> {
            while (true) {
                Message request = self.read(wire);
                most.accumulateAndGet(present.incrementAndGet(), Math::max);
                answers.acquireUninterruptibly();
                present.decrementAndGet();
                String body = request.body() + "!";
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        answers.release(1_000);
        for (Wire client : clients) {
            client.close();
        }
        plane.close();
        target.close();
    }

    private void limit(String limits) throws Exception {
        assertEquals(List.of(), plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { forward: app } ]
                pools: { app: { check: none, limits: { %s }, targets: [ { name: one, address: "%s" } ] } }
                """.formatted(limits, target.address())));
    }

    private Wire client(String request) throws IOException {
        Wire client = Wire.to(plane.port("shop/web")).send(request);
        clients.add(client);
        return client;
    }

    private int waiting() {
        return plane.plane().table().pools().get("app").entry().waiting().get();
    }

    @Test
    void noMoreRequestsThanTheLimitAreInFlight() throws Exception {
        limit("requests: 3");
        for (int i = 0; i < 20; i++) {
            client(GET);
        }
        await().until(() -> waiting() == 17);
        assertEquals(3, plane.plane().inFlight(new TargetRef("app", "one")));
        answers.release(20);
        for (Wire client : clients) {
            assertEquals(200, client.response().status());
        }
        assertEquals(0, waiting());
        assertTrue(most.get() <= 3, "at one time: " + most);
        await().until(() -> plane.plane().inFlight(new TargetRef("app", "one")) == 0);
    }

    /** Strictly one at a time, although two loops choose without a lock. */
    @Test
    void oneAtATimeOverManyRounds() throws Exception {
        limit("requests: 1, queueTimeout: 1m");
        answers.release(100_000);
        List<Thread> threads = new ArrayList<>();
        AtomicInteger served = new AtomicInteger();
        for (int i = 0; i < 16; i++) {
            Wire client = client("");
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int round = 0; round < 50; round++) {
                        served.addAndGet(client.ask(GET).status() == 200 ? 1 : 0);
                    }
                } catch (IOException broken) {
                    served.addAndGet(-1_000_000);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(800, served.get());
        assertEquals(1, most.get());
        assertEquals(0, waiting());
    }

    @Test
    void noMoreConnectionsThanTheLimitAreOpen() throws Exception {
        limit("connections: 2, queueTimeout: 1m");
        answers.release(100);
        for (int round = 0; round < 5; round++) {
            List<Wire> batch = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                batch.add(client(GET));
            }
            for (Wire client : batch) {
                assertEquals(200, client.response().status());
            }
        }
        assertTrue(most.get() <= 2, "at one time: " + most);
        assertTrue(plane.plane().table().pools().get("app").members().getFirst().entry().sockets().open() <= 2);
    }

    /** The idle connections of one loop must not starve the other. */
    @Test
    void idleConnectionsGiveWay() throws Exception {
        limit("connections: 1, queueTimeout: 1m");
        answers.release(100);
        for (int round = 0; round < 30; round++) {
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                assertEquals(200, client.ask(GET).status());
            }
        }
        assertEquals(1, most.get());
    }

    @Test
    void whoWaitsTooLongHearsSo() throws Exception {
        limit("requests: 1, queueTimeout: 300ms");
        client(GET);
        target.take();
        Message late = client(GET).response();
        assertEquals(503, late.status());
        assertTrue(late.body().contains("code: QUEUE_TIMEOUT"));
        assertEquals(Optional.of("1"), late.header("Retry-After"));
        assertEquals(0, waiting());
        answers.release();
        assertEquals(200, clients.getFirst().response().status());
        answers.release();
        assertEquals(200, clients.getLast().ask(GET).status());
    }

    @Test
    void theQueueHasAnEnd() throws Exception {
        limit("requests: 1, queue: 2, queueTimeout: 1m");
        client(GET);
        target.take();
        client(GET);
        client(GET);
        await().until(() -> waiting() == 2);
        Message refused = client(GET).response();
        assertEquals(503, refused.status());
        assertTrue(refused.body().contains("code: QUEUE_FULL"));
        answers.release(3);
        for (int i = 0; i < 3; i++) {
            assertEquals(200, clients.get(i).response().status());
        }
    }

    @Test
    void withoutAQueueTheAnswerComesAtOnce() throws Exception {
        limit("requests: 1, queue: 0");
        client(GET);
        target.take();
        assertTrue(client(GET).response().body().contains("code: QUEUE_FULL"));
    }

    @Test
    void whoLeavesGivesUpThePlace() throws Exception {
        limit("requests: 1, queueTimeout: 1m");
        client(GET);
        target.take();
        Wire second = client(GET);
        await().until(() -> waiting() == 1);
        second.reset();
        await().until(() -> waiting() == 0);
        answers.release(2);
        assertEquals(200, clients.getFirst().response().status());
        assertEquals(200, client(GET).response().status());
    }

    /** A body that came with the head, or comes while its request waits, is all there in the end. */
    @Test
    void bodiesWaitToo() throws Exception {
        limit("requests: 1, queueTimeout: 1m");
        String body = "0123456789".repeat(20_000);
        client(GET);
        target.take();
        client("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        await().until(() -> waiting() == 1);
        Wire large = client("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body.substring(0, 5));
        await().until(() -> waiting() == 2);
        large.send(body.substring(5));
        answers.release(3);
        assertEquals("!", clients.get(0).response().body());
        assertEquals("abc!", clients.get(1).response().body());
        assertEquals(body + "!", large.response().body());
    }

    /** When a target comes into the pool, those that wait need not wait for the old ones. */
    @Test
    void aNewTargetIsNoticed() throws Exception {
        limit("requests: 1, queueTimeout: 1m");
        client(GET);
        target.take();
        Wire second = client(GET);
        await().until(() -> waiting() == 1);
        try (ScriptedTarget other = ScriptedTarget.ok("other")) {
            twoTargets("limits: { requests: 1, queueTimeout: 1m }", other, "");
            assertEquals("other", second.response().body());
        }
    }

    /** A full target is passed over before anybody waits. */
    @Test
    void anotherTargetTakesWhatOneCannot() throws Exception {
        try (ScriptedTarget other = ScriptedTarget.ok("other")) {
            twoTargets("algorithm: first\n    limits: { requests: 1 }", other, "");
            client(GET);
            target.take();
            for (int i = 0; i < 3; i++) {
                assertEquals("other", client(GET).response().body());
            }
        }
    }

    /** The second choice takes what the first cannot, before anybody waits. */
    @Test
    void aBackupTakesWhatTheFirstCannot() throws Exception {
        try (ScriptedTarget backup = ScriptedTarget.ok("backup")) {
            twoTargets("limits: { requests: 1 }", backup, ", priority: 1");
            client(GET);
            target.take();
            assertEquals("backup", client(GET).response().body());
            answers.release(2);
            assertEquals("!", clients.getFirst().response().body());
            await().until(() -> plane.plane().inFlight(new TargetRef("app", "one")) == 0);
            assertEquals("!", client(GET).response().body());
            plane.health().set("app", "one", Health.UNHEALTHY);
            plane.health().set("app", "two", Health.HEALTHY);
            assertEquals("backup", client(GET).response().body());
        }
    }

    /**
     * A second target behind or beside the first.
     *
     * @param rules further keys of the pool
     * @param of further keys of the second target
     */
    private void twoTargets(String rules, ScriptedTarget second, String of) throws InterruptedException {
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { forward: app } ]
                pools:
                  app:
                    check: none
                    %s
                    targets: [ { name: one, address: "%s" }, { name: two, address: "%s"%s } ]
                """.formatted(rules, target.address(), second.address(), of));
    }
}
