package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.TargetRef;
import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import io.halite.proxy.traffic.Traffic;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Retries after certain statuses, times as a whole, and clients that do not wait. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class ResilienceTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";

    @Parameter
    Engine engine;

    private TestPlane plane(String balancer, String route, String pool) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    %s
                    routes: [ { forward: app, %s } ]
                pools:
                  app: { check: none, ejection: { maxPercent: 0%% }, algorithm: first, %s }
                """.formatted(balancer, route, pool));
        return plane;
    }

    private static Message ask(TestPlane plane, String request) throws Exception {
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            return client.ask(request);
        }
    }

    private static long counted(TestPlane plane, int status) {
        return plane.plane().traffic().series().stream().mapToLong(
                series -> series.codes().getOrDefault(status, 0L)).sum();
    }

    private static ScriptedTarget silent() throws Exception {
        return ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.isEnded();
            self.note("ended");
        });
    }

    @Test
    void aStatusSendsTheRequestElsewhere() throws Exception {
        try (ScriptedTarget busy = ScriptedTarget.answering(BUSY); ScriptedTarget idle = ScriptedTarget.echo();
                TestPlane plane = plane("", "", "retries: { statuses: [ 503, 429 ] }, targets: [ \"%s\", \"%s\" ]"
                        .formatted(busy.address(), idle.address()))) {
            assertEquals(200, ask(plane, GET).status());
            assertEquals(200, ask(plane, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").status());
            assertEquals(2, busy.connections());
            await().until(() -> plane.plane().traffic().series().stream().mapToLong(Traffic.Series::retries).sum() == 2);
            assertEquals(0, plane.plane().inFlight(new TargetRef("app", busy.address().replaceAll("[.:]", "-"))));
        }
    }

    @Test
    void whatMayNotBeRepeatedIsNot() throws Exception {
        try (ScriptedTarget busy = ScriptedTarget.answering(BUSY); ScriptedTarget idle = ScriptedTarget.echo();
                TestPlane plane = plane("", "", "retries: { statuses: 503 }, targets: [ \"%s\", \"%s\" ]"
                        .formatted(busy.address(), idle.address()))) {
            Message answer = ask(plane, POST);
            assertEquals(503, answer.status());
            assertEquals("busy", answer.body());
        }
    }

    /** What the target said is better than anything the proxy could say. */
    @Test
    void withoutAnotherTargetTheResponseStands() throws Exception {
        try (ScriptedTarget busy = ScriptedTarget.answering(BUSY); ScriptedTarget other = ScriptedTarget.answering(BUSY);
                TestPlane plane = plane("", "", "retries: { statuses: 503, attempts: 5 }, targets: [ \"%s\", \"%s\" ]"
                        .formatted(busy.address(), other.address()))) {
            Message answer = ask(plane, GET);
            assertEquals("busy", answer.body());
            assertEquals(1, busy.waiting());
            assertEquals(1, other.waiting());
        }
    }

    @Test
    void aRouteHasItsOwnPatience() throws Exception {
        try (ScriptedTarget target = silent();
                TestPlane plane = plane("", "responseHeader: 300ms", "targets: [ \"" + target.address() + "\" ]")) {
            Message answer = ask(plane, GET);
            assertEquals(504, answer.status());
            assertTrue(answer.body().contains("RESPONSE_TIMEOUT"));
        }
    }

    @Test
    void theWholeHasATimeOfItsOwn() throws Exception {
        try (ScriptedTarget target = silent();
                TestPlane plane = plane("timeouts: { total: 400ms }", "", "targets: [ \"" + target.address() + "\" ]");
                Wire client = Wire.to(plane.port("shop/web"))) {
            Message answer = client.ask(GET);
            assertEquals(504, answer.status());
            assertTrue(answer.body().contains("TOTAL_TIMEOUT"));
            await().until(() -> target.noted("ended"));
            assertTrue(client.ask(GET).body().contains("TOTAL_TIMEOUT"));
        }
    }

    /** A response that has begun cannot become an error: the client must see that it is cut. */
    @Test
    void aResponseThatTakesTooLongIsCut() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            try {
                await().pollInterval(Duration.ofMillis(50)).until(() -> {
                    wire.send("x");
                    return false;
                });
            } catch (org.awaitility.core.ConditionTimeoutException | java.io.UncheckedIOException never) {
                self.note("stopped");
            }
        });
        try (target; TestPlane plane = plane("timeouts: { total: 3s }", "", "targets: [ \"" + target.address() + "\" ]");
                Wire client = Wire.to(plane.port("shop/web"))) {
            client.send(GET);
            assertTrue(client.read(17).startsWith("HTTP/1.1 200 OK"));
            await().until(() -> counted(plane, 200) == 1);
        }
    }

    @Test
    void aQuickExchangeIsNotTouchedByIt() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x");
                TestPlane plane = plane("timeouts: { total: 3s }", "", "targets: [ \"" + target.address() + "\" ]");
                Wire client = Wire.to(plane.port("shop/web"))) {
            int[] rounds = {0};
            await().pollInterval(Duration.ofMillis(700)).until(() -> {
                assertEquals(200, client.ask(GET).status());
                rounds[0]++;
                return rounds[0] == 6;
            });
        }
    }

    /** It closed both directions, which looks like one until something is sent; but it did so as it waited. */
    @Test
    void aClientThatLeavesTakesItsRequestAlong() throws Exception {
        try (ScriptedTarget target = silent();
                TestPlane plane = plane("", "", "targets: [ { name: one, address: \"" + target.address() + "\" } ]")) {
            Wire client = Wire.to(plane.port("shop/web"));
            client.send(GET);
            target.take();
            await().pollDelay(Duration.ofMillis(900)).until(() -> true);
            client.close();
            await().until(() -> target.noted("ended"));
            await().until(() -> counted(plane, 499) == 1);
            assertEquals(0, plane.plane().inFlight(new TargetRef("app", "one")));
        }
    }

    @Test
    void aClientThatResetsTakesItsRequestAlongAtOnce() throws Exception {
        try (ScriptedTarget target = silent();
                TestPlane plane = plane("", "", "targets: [ \"" + target.address() + "\" ]")) {
            Wire client = Wire.to(plane.port("shop/web"));
            client.send(GET);
            target.take();
            client.reset();
            await().until(() -> target.noted("ended"));
            await().until(() -> counted(plane, 499) == 1);
        }
    }

    /** The other clients of a target must not suffer for one that left: it is no failure of the target. */
    @Test
    void clientsThatLeaveEjectNobody() throws Exception {
        try (ScriptedTarget target = silent();
                TestPlane plane = plane("", "", "targets: [ \"" + target.address() + "\" ]")) {
            for (int round = 0; round < 10; round++) {
                Wire client = Wire.to(plane.port("shop/web"));
                client.send(GET);
                target.take();
                client.reset();
            }
            await().until(() -> counted(plane, 499) == 10);
            assertEquals(0, plane.plane().table().pools().get("app").entry().ejections().count());
        }
    }
}
