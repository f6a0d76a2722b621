package io.halite.proxy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.config.TargetRef;
import io.halite.health.Health;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import io.halite.proxy.traffic.Traffic;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners and tables that change while requests run, what is counted, and the end. */
@SuppressWarnings({"StringConcatToTextBlock", "try"})
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class DataPlaneTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";

    @Parameter
    Engine engine = Engine.AUTO;

    private static String document(String listeners, String... targets) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ %s ]
                    routes: [ { forward: app } ]
                pools:
                  app: { check: none, targets: [ "%s" ] }
                """.formatted(listeners, String.join("\", \"", targets));
    }

    private static String listener(String name, int port) {
        return "{ name: " + name + ", address: \"0.0.0.0:" + port + "\", protocol: http }";
    }

    private static Message ask(int port) throws IOException {
        try (Wire client = Wire.to(port)) {
            return client.ask(GET);
        }
    }

    @Test
    void wildcardsAreNarrowedAndPortZeroIsReported() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x"); TestPlane plane = TestPlane.start(engine, 2)) {
            assertEquals(List.of(), plane.apply(document(listener("web", 0), target.address())));
            OpenListener open = plane.plane().listeners().getFirst();
            assertEquals("shop/web", open.label());
            assertEquals("127.0.0.1", open.address().getAddress().getHostAddress());
            assertTrue(open.address().getPort() > 0);
            assertEquals(200, ask(open.address().getPort()).status());
        }
    }

    @Test
    void aTakenPortIsNamedAndEverythingElseRuns() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedTarget target = ScriptedTarget.ok("x"); TestPlane plane = TestPlane.start(engine, 2)) {
            int port = taken.getLocalPort();
            String document = document(listener("web", 0) + ", " + listener("bad", port), target.address());
            List<ActivationFailure> failures = plane.apply(document);
            assertEquals(1, failures.size());
            ActivationFailure failure = failures.getFirst();
            assertEquals("loadBalancers/shop/listeners/bad", failure.object());
            assertEquals("PORT_TAKEN", failure.code());
            assertTrue(failure.message().contains("127.0.0.1:" + port), failure.message());
            assertTrue(failure.message().contains("process " + ProcessHandle.current().pid()), failure.message());
            assertEquals(200, ask(plane.port("shop/web")).status());
            taken.close();
            assertEquals(List.of(), plane.apply(document));
            assertEquals(200, ask(port).status());
        }
    }

    @Test
    void anAddressThatIsNotOursIsNamed() throws Exception {
        try (TestPlane plane = TestPlane.start(engine, 1)) {
            List<ActivationFailure> failures = plane.apply(document(
                    "{ name: web, address: \"192.0.2.1:80\", protocol: http }", "127.0.0.1:1"));
            assertEquals("ADDRESS_MISSING", failures.getFirst().code());
        }
    }

    @Test
    void listenersOpenMoveAndClose() throws Exception {
        int first = Ports.free();
        int second = Ports.free();
        try (ScriptedTarget target = ScriptedTarget.ok("x"); TestPlane plane = TestPlane.start(engine, 2)) {
            plane.apply(document(listener("web", first), target.address()));
            assertEquals(200, ask(first).status());
            plane.apply(document(listener("web", second) + ", " + listener("more", first), target.address()));
            assertEquals(200, ask(first).status());
            assertEquals(200, ask(second).status());
            plane.apply(document(listener("web", second), target.address()));
            awaitRefused(first);
            plane.apply("apiVersion: halite/v1");
            awaitRefused(second);
            assertEquals(List.of(), plane.plane().listeners());
        }
    }

    /** The selector lets go of a closed listener at its next turn; a connection in between is reset. */
    private static void awaitRefused(int port) {
        await().until(() -> {
            try {
                ask(port);
                return false;
            } catch (ConnectException _) {
                return true;
            } catch (IOException _) {
                return false;
            }
        });
    }

    /** A node that is drained keeps its listeners open: caches still name it. Nobody loses a request by it. */
    @Test
    void dismissedClientsLeaveWithTheirNextResponseAndOthersAreServed() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x"); TestPlane plane = TestPlane.start(engine, 2)) {
            plane.apply(document(listener("web", 0), target.address()));
            int port = plane.port("shop/web");
            try (Wire client = Wire.to(port)) {
                assertEquals(200, client.ask(GET).status());
                plane.plane().dismiss(Duration.ofMillis(100));
                await().until(() -> client.ask(GET).header("connection").equals(Optional.of("close")));
                assertTrue(client.isEnded());
            }
            try (Wire later = Wire.to(port)) {
                assertEquals(200, later.ask(GET).status());
                assertEquals(200, later.ask(GET).status());
            }
        }
    }

    /** A listener that only changes its name keeps its socket; connections of the old one end after their response. */
    @Test
    void aRenamedListenerKeepsItsSocket() throws Exception {
        int port = Ports.free();
        try (ScriptedTarget target = ScriptedTarget.ok("x"); TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply(document(listener("web", port), target.address()));
            try (Wire client = Wire.to(port)) {
                client.ask(GET);
                plane.apply(document(listener("shop", port), target.address()));
                assertTrue(client.isEnded());
            }
            assertEquals(200, ask(port).status());
            assertEquals("shop/shop", plane.plane().listeners().getFirst().label());
        }
    }

    /** An exchange keeps the table it began with; the connection says good-bye with its response. */
    @Test
    void aClosedListenerAnswersWhatIsUnderWay() throws Exception {
        AtomicBoolean go = new AtomicBoolean();
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            await().until(go::get);
            wire.send(OK);
            wire.readAll();
        });
        int port = Ports.free();
        try (target; TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply(document(listener("web", port), target.address()));
            try (Wire client = Wire.to(port); Wire idle = Wire.to(port)) {
                client.send(GET);
                target.take();
                plane.apply("apiVersion: halite/v1");
                assertTrue(idle.isEnded());
                go.set(true);
                Message answer = client.response();
                assertEquals("x", answer.body());
                assertEquals("close", answer.header("connection").orElseThrow());
                assertTrue(client.isEnded());
            }
        }
    }

    /** A thousand changes under load: not one request fails. */
    @Test
    void changesUnderLoadFailNoRequest() throws Exception {
        int port = Ports.free();
        try (ScriptedTarget one = ScriptedTarget.ok("1"); ScriptedTarget two = ScriptedTarget.ok("2");
                TestPlane plane = TestPlane.start(engine, 2)) {
            plane.apply(document(listener("web", port), one.address()));
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong answered = new AtomicLong();
            List<String> wrong = new ArrayList<>();
            List<Thread> clients = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                boolean reconnect = number == 0;
                clients.add(Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        try (Wire client = Wire.to(port)) {
                            do {
                                Message answer = client.ask(GET);
                                if (answer.status() != 200) {
                                    synchronized (wrong) {
                                        wrong.add(answer.toString());
                                    }
                                }
                                answered.incrementAndGet();
                            } while (!reconnect && !stop.get());
                        } catch (IOException failed) {
                            synchronized (wrong) {
                                wrong.add(failed.toString());
                            }
                        }
                    }
                }));
            }
            for (int change = 0; change < 300; change++) {
                plane.apply(change % 2 == 0 ? document(listener("web", port), two.address())
                        : document(listener("web", port) + ", " + listener("more", 0), one.address(), two.address()));
            }
            await().until(() -> answered.get() > 500);
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), wrong);
        }
    }

    @Test
    void healthAndAdminStatesDecideWhoIsAsked() throws Exception {
        try (ScriptedTarget one = ScriptedTarget.ok("1"); ScriptedTarget two = ScriptedTarget.ok("2");
                TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools:
                      app:
                        panicThreshold: 0%%
                        slowStart: 0s
                        targets: [ { name: one, address: "%s" }, { name: two, address: "%s" } ]
                    """.formatted(one.address(), two.address()));
            int port = plane.port("shop/web");
            plane.health().set("app", "one", Health.HEALTHY);
            plane.health().set("app", "two", Health.UNHEALTHY);
            for (int round = 0; round < 4; round++) {
                assertEquals("1", ask(port).body());
            }
            plane.health().set("app", "two", Health.HEALTHY);
            plane.admin("app", "one", AdminState.MAINT);
            for (int round = 0; round < 4; round++) {
                assertEquals("2", ask(port).body());
            }
        }
    }

    @Test
    void everythingIsCounted() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine); Wire client = scene.client()) {
            for (int round = 0; round < 3; round++) {
                client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            }
            client.ask("GARBAGE\r\n\r\n");
            DataPlane plane = scene.plane().plane();
            // Counted once the response is on its way.
            await().until(() -> plane.traffic().series().size() == 2);
            Traffic traffic = plane.traffic();
            Traffic.Series forwarded = traffic.series().stream().filter(one -> one.target().equals("one")).findFirst()
                    .orElseThrow();
            assertEquals("shop/web", forwarded.listener());
            assertEquals("shop/r1", forwarded.route());
            assertEquals("app", forwarded.pool());
            assertEquals(java.util.Map.of(200, 3L), forwarded.codes());
            assertEquals(3, forwarded.request().count());
            assertEquals(3, forwarded.upstream().count());
            assertTrue(forwarded.request().sumSeconds() > 0);
            Traffic.Series refused = traffic.series().stream().filter(one -> one.route().isEmpty()).findFirst()
                    .orElseThrow();
            assertEquals(java.util.Map.of(400, 1L), refused.codes());
            assertEquals(java.util.Map.of("BAD_REQUEST_LINE", 1L), traffic.refused());
            Traffic.ListenerTraffic listener = traffic.listeners().getFirst();
            assertEquals(1, listener.accepted());
            assertTrue(listener.bytesIn() > 150 && listener.bytesOut() > 150, listener.toString());
            await().until(() -> plane.traffic().listeners().getFirst().open() == 0);
            assertEquals(0, plane.traffic().loops().getFirst().exceptions());
            assertEquals(0, plane.traffic().loops().getFirst().bufferBytes());
            assertEquals(0, plane.inFlight(new TargetRef("app", "one")));
        }
    }

    @Test
    void requestsInFlightAreSeen() throws Exception {
        AtomicBoolean go = new AtomicBoolean();
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            await().until(go::get);
            wire.send(OK);
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            client.send(GET);
            target.take();
            assertEquals(1, scene.plane().plane().inFlight(new TargetRef("app", "one")));
            go.set(true);
            client.response();
            await().until(() -> scene.plane().plane().inFlight(new TargetRef("app", "one")) == 0);
        }
    }

    @Test
    void drainingWaitsForWhatIsUnderWay() throws Exception {
        AtomicBoolean go = new AtomicBoolean();
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            await().until(go::get);
            wire.send(OK);
            wire.readAll();
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client(); Wire idle = scene.client()) {
            DataPlane plane = scene.plane().plane();
            int port = scene.plane().port("shop/web");
            client.send(GET);
            target.take();
            assertFalse(plane.drain(Duration.ofMillis(300)));
            assertThrows(ConnectException.class, () -> ask(port));
            assertTrue(idle.isEnded());
            go.set(true);
            assertEquals("x", client.response().body());
            assertTrue(plane.drain(Duration.ofSeconds(20)));
        }
    }

    /** A target given by name is reached where the name points. */
    @Test
    void namesAreResolved() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("x"); TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply(document(listener("web", 0), "localhost:" + target.port(), "nowhere.invalid:80"));
            await().until(() -> ask(plane.port("shop/web")).status() == 200);
            for (int round = 0; round < 4; round++) {
                assertEquals(200, ask(plane.port("shop/web")).status());
            }
        }
    }
}
