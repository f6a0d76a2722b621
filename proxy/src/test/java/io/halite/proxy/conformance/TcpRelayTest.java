package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.TargetRef;
import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import io.halite.proxy.traffic.Traffic;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners of protocol tcp: bytes both ways, each direction to its own end (RFC 9293 §3.6). */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class TcpRelayTest {
    @Parameter
    Engine engine;

    private TestPlane plane(String pool, String more) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: raw, address: "127.0.0.1:0", protocol: tcp, pool: db } ]
                    %s
                pools:
                  db: { check: none, %s }
                """.formatted(more, pool));
        return plane;
    }

    private TestPlane plane(ScriptedTarget target) throws Exception {
        return plane("targets: [ { name: one, address: \"" + target.address() + "\" } ]", "");
    }

    private static Wire connect(TestPlane plane) throws IOException {
        return Wire.to(plane.port("shop/raw"));
    }

    @Test
    void bytesFlowBothWaysAndEachDirectionEndsByItself() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.send("hello ");
            String got = wire.readAll();
            wire.send(got + "!");
            wire.send("x".repeat(500_000));
        });
        try (target; TestPlane plane = plane(target); Wire client = connect(plane)) {
            assertEquals("hello ", client.read(6));
            client.send("y".repeat(500_000));
            client.finish();
            assertEquals("y".repeat(500_000) + "!" + "x".repeat(500_000), client.readAll());
            await().until(() -> plane.plane().inFlight(new TargetRef("db", "one")) == 0);
            Traffic.ListenerTraffic listener = plane.plane().traffic().listeners().getFirst();
            assertEquals(1, listener.accepted());
            assertEquals(0, listener.open());
            assertEquals(500_000, listener.bytesIn());
            assertEquals(1_000_007, listener.bytesOut());
            assertEquals(1, plane.plane().traffic().series().getFirst().upstream().count());
        }
    }

    /** The target ends first and still reads. */
    @Test
    void aTargetMayEndFirst() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.send("bye");
            wire.finish();
            self.note("got " + wire.readAll());
        });
        try (target; TestPlane plane = plane(target); Wire client = connect(plane)) {
            assertEquals("bye", client.readAll());
            client.send("one more thing");
            client.finish();
            await().until(() -> target.noted("got one more thing"));
        }
    }

    @Test
    void resetsPassThrough() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.read(1);
            wire.reset();
        });
        try (target; TestPlane plane = plane(target); Wire client = connect(plane)) {
            client.send("x");
            assertTrue(client.isEnded());
        }
        ScriptedTarget patient = ScriptedTarget.running((wire, self) -> {
            wire.send("x");
            if (wire.isEnded()) {
                self.note("ended");
            }
        });
        try (patient; TestPlane plane = plane(patient); Wire client = connect(plane)) {
            client.read(1);
            client.reset();
            await().until(() -> patient.noted("ended"));
        }
    }

    /** What the client sent before any target accepted is not lost by a retry. */
    @Test
    void aDeadTargetIsPassedOver() throws Exception {
        int dead = Ports.free();
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> wire.send("got " + wire.read(3)));
        try (target; TestPlane plane = plane("algorithm: first, targets: [ \"127.0.0.1:" + dead + "\", \""
                + target.address() + "\" ]", "")) {
            for (int round = 0; round < 3; round++) {
                try (Wire client = connect(plane)) {
                    client.send("abc");
                    assertEquals("got abc", client.readAll());
                }
            }
            await().until(() -> plane.plane().traffic().series().stream().mapToLong(Traffic.Series::retries).sum() > 0);
        }
        try (TestPlane plane = plane("targets: [ \"127.0.0.1:" + dead + "\" ]", ""); Wire client = connect(plane)) {
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aSilentConnectionEnds() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            wire.readAll();
            self.note("ended");
        });
        try (target; TestPlane plane = plane("targets: [ \"" + target.address() + "\" ]", "timeouts: { tunnel: 500ms }");
                Wire client = connect(plane)) {
            assertTrue(client.isEnded());
            await().until(() -> target.noted("ended"));
        }
    }

    /** A closed listener accepts nobody, but lets its connections be. */
    @Test
    void connectionsOutliveTheirListener() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            while (true) {
                wire.send(wire.read(1));
            }
        });
        try (target; TestPlane plane = plane(target); Wire client = connect(plane)) {
            assertEquals("a", client.send("a").read(1));
            plane.apply("apiVersion: halite/v1");
            assertEquals("b", client.send("b").read(1));
        }
    }
}
