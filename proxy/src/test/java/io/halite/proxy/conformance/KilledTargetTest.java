package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.balance.RetryBudget;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import io.halite.proxy.traffic.Traffic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One of two targets dies under load, its listening socket and its connections in any order: clients hear of it only
 * where a repetition would not be safe (RFC 9110 §9.2.2).
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class KilledTargetTest {
    private static final String GET = Wire.head("GET / HTTP/1.1", "Host: a");
    private static final String POST = Wire.head("POST / HTTP/1.1", "Host: a", "Content-Length: 3") + "abc";
    private static final String OK = Wire.head("HTTP/1.1 200 OK", "Content-Length: 1") + "x";
    private static final String FIRST = "algorithm: first, ejection: { maxPercent: 0% }";
    /** Long enough for many requests to wait for their retry at the same moment. */
    private static final String PAUSE = "backoff: 2s, maxBackoff: 2s";

    @Parameter
    Engine engine;

    private static String deadAddress() throws IOException {
        return "127.0.0.1:" + Ports.free();
    }

    private TestPlane plane(String pool, String first, String second) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { forward: app } ]
                pools:
                  app: { check: none, %s, targets: [ "%s", "%s" ] }
                """.formatted(pool, first, second));
        return plane;
    }

    private static int ask(TestPlane plane, String request) throws IOException {
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            return client.ask(request).status();
        }
    }

    private static int finalStatus(Wire client) throws IOException {
        int status = client.response().status();
        return status == 103 ? client.response().status() : status;
    }

    /** The statuses that so many clients get who ask at the same moment. */
    private static List<Integer> askAtOnce(TestPlane plane, int clients) throws IOException {
        List<Wire> wires = new ArrayList<>();
        List<Integer> statuses = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                wires.add(Wire.to(plane.port("shop/web")));
            }
            for (Wire wire : wires) {
                wire.send(GET);
            }
            for (Wire wire : wires) {
                statuses.add(wire.response().status());
            }
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
        return statuses;
    }

    private static long retries(TestPlane plane) {
        return plane.plane().traffic().series().stream().mapToLong(Traffic.Series::retries).sum();
    }

    /** Accepted by the kernel, the request sent, then a reset, an end or a part of a head. */
    @ParameterizedTest
    @CsvSource({"reset, 200", "end, 200", "part, 200", "interim, 502"})
    void aFreshConnectionThatEndsIsTriedElsewhere(String how, int expected) throws Exception {
        ScriptedTarget dying = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            switch (how) {
                case "reset" -> wire.reset();
                case "part" -> wire.send("HTTP/1.1 200 OK\r\nContent-Le");
                case "interim" -> wire.send(Wire.head("HTTP/1.1 103 Early Hints", "Link: </a>"));
                default -> { }
            }
        });
        try (dying; ScriptedTarget alive = ScriptedTarget.ok("x");
                TestPlane plane = plane(FIRST, dying.address(), alive.address());
                Wire client = Wire.to(plane.port("shop/web"))) {
            assertEquals(expected, finalStatus(client.send(GET)));
            assertEquals(1, dying.connections());
            assertEquals(502, finalStatus(client.send(POST)));
        }
    }

    @Test
    void aFreshConnectionThatEndsIsNotTriedElsewhereWithoutAttempts() throws Exception {
        ScriptedTarget dying = ScriptedTarget.running((wire, self) -> self.read(wire));
        try (dying; ScriptedTarget alive = ScriptedTarget.ok("x");
                TestPlane plane = plane(FIRST + ", retries: { attempts: 0 }", dying.address(), alive.address())) {
            assertEquals(502, ask(plane, GET));
            assertEquals(0, alive.connections());
        }
    }

    /** A refusal cost the target nothing, so any number of them may go elsewhere at one time. */
    @Test
    void refusalsTakeNothingOfTheBudget() throws Exception {
        int clients = 3 * RetryBudget.MINIMUM;
        try (ScriptedTarget alive = ScriptedTarget.ok("x");
                TestPlane plane = plane(FIRST + ", retries: { " + PAUSE + " }", deadAddress(), alive.address())) {
            assertTrue(askAtOnce(plane, clients).stream().allMatch(status -> status == 200));
            await().until(() -> retries(plane) == clients);
        }
    }

    @Test
    void withoutABudgetNothingIsTriedElsewhere() throws Exception {
        try (ScriptedTarget alive = ScriptedTarget.ok("x");
                TestPlane plane = plane(FIRST + ", retries: { budget: 0% }", deadAddress(), alive.address())) {
            assertEquals(502, ask(plane, GET));
        }
    }

    /** Requests that were sent are repeated within the budget: some at one time, but not all. */
    @Test
    void resetsAreTriedElsewhereWithinTheBudget() throws Exception {
        ScriptedTarget dying = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.reset();
        });
        try (dying; ScriptedTarget alive = ScriptedTarget.ok("x");
                TestPlane plane = plane(FIRST + ", retries: { " + PAUSE + " }", dying.address(), alive.address())) {
            assertTrue(askAtOnce(plane, RetryBudget.MINIMUM).stream().allMatch(status -> status == 200));
            assertTrue(askAtOnce(plane, 10 * RetryBudget.MINIMUM).contains(502));
        }
    }

    /** Neither the stale connection nor the refusal after it uses up the only attempt, not even with another stale one. */
    @Test
    void staleConnectionsAreNoAttempts() throws Exception {
        ScriptedTarget dying = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send(OK);
            self.read(wire);
            self.close();
        });
        ScriptedTarget forgetful = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send(OK);
            self.read(wire);
        });
        try (dying; forgetful; TestPlane plane = plane("algorithm: roundRobin", dying.address(), forgetful.address())) {
            for (int round = 0; round < 4; round++) {
                assertEquals(200, ask(plane, GET));
            }
            assertEquals(1, dying.connections());
            assertTrue(forgetful.connections() > 1);
        }
    }

    /** A refusal tells that the other connections to the target are about to end, before a POST is lost on them. */
    @Test
    void aRefusalEndsTheIdleConnectionsToTheTarget() throws Exception {
        Phaser both = new Phaser(2);
        ScriptedTarget dying = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            both.arriveAndAwaitAdvance();
            wire.send(OK);
            if (wire.isEnded()) {
                self.note("dropped");
            } else {
                self.stopListening();
                wire.reset();
            }
        });
        try (dying; ScriptedTarget alive = ScriptedTarget.ok("x");
                TestPlane plane = plane(FIRST, dying.address(), alive.address())) {
            assertEquals(List.of(200, 200), askAtOnce(plane, 2));
            assertEquals(200, ask(plane, GET));
            await().until(() -> dying.noted("dropped"));
            assertEquals(200, ask(plane, POST));
        }
    }
}
