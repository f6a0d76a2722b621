package io.halite.proxy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.accesslog.LogDestination.RotatedFile;
import io.halite.proxy.http2.Http2WebSockets;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.LogFile;
import io.halite.proxy.testing.Ports;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What cannot be asked to leave, or does not, when its listener is removed or its node is drained: WebSockets, relays and
 * long downloads have {@code timeouts.drain} to end by themselves, and are cut off then.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class DrainDeadlineTest {
    private static final String NOTHING = "apiVersion: halite/v1";
    private static final Duration SPREAD = Duration.ofMillis(100);

    @Parameter
    Engine engine = Engine.EPOLL;

    @TempDir
    private Path dir;

    private final int web = Ports.free();
    private final int raw = Ports.free();
    private TestPlane plane;
    private ScriptedTarget target;

    DrainDeadlineTest() throws IOException {}

    /** The target turns to another protocol or begins a download, or speaks as it is spoken to: then it echoes. */
    @BeforeEach
    void start() throws Exception {
        plane = TestPlane.logging(engine, 1, RotatedFile.at(dir.resolve("access.log")));
        target = ScriptedTarget.running((wire, self) -> {
            String first = wire.read(3);
            if (first.equals("GET")) {
                String head = wire.readHead();
                wire.send(head.contains("/long") ? Wire.head("HTTP/1.1 200 OK", "Content-Length: 1000") + "begun"
                        : Wire.head("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                                "Sec-WebSocket-Accept: x"));
            } else {
                wire.send(first);
            }
            byte[] piece = new byte[1_024];
            for (int got = wire.in().read(piece); got >= 0; got = wire.in().read(piece)) {
                wire.send(Arrays.copyOf(piece, got));
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        plane.close();
        target.close();
    }

    private void apply(String drain) throws Exception {
        assertEquals(List.of(), plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    timeouts: { drain: %s }
                    listeners:
                      - { name: web, address: "127.0.0.1:%d", protocol: http }
                      - { name: raw, address: "127.0.0.1:%d", protocol: tcp, pool: app }
                    routes: [ { forward: app } ]
                pools: { app: { check: none, targets: [ { name: one, address: "%s" } ] } }
                """.formatted(drain, web, raw, target.address())));
    }

    private Wire webSocket() throws IOException {
        Wire wire = Wire.to(web);
        assertEquals(101, wire.ask(Wire.head("GET /ws HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: websocket"))
                .status());
        return wire;
    }

    private Wire relay() throws IOException {
        Wire wire = Wire.to(raw);
        assertEquals("raw", wire.send("raw").read(3));
        return wire;
    }

    private Wire download() throws IOException {
        Wire wire = Wire.to(web).send(Wire.head("GET /long HTTP/1.1", "Host: a"));
        wire.readHead();
        assertEquals("begun", wire.read(5));
        return wire;
    }

    private static void assertEchoes(Wire wire) throws IOException {
        assertEquals("?", wire.send("?").read(1));
    }

    private List<String> ends(int lines) throws IOException {
        return new LogFile(dir.resolve("access.log")).lines(lines).stream().map(DrainDeadlineTest::end).sorted().toList();
    }

    private static String end(Map<String, String> line) {
        return line.get("protocol") + " " + line.get("end") + (line.containsKey("reason") ? " " + line.get("reason") : "");
    }

    private void awaitNobody() {
        await().until(() -> plane.plane().traffic().listeners().stream().allMatch(listener -> listener.open() == 0));
    }

    @Test
    void aRemovedListenerWaitsAndThenCutsOff() throws Exception {
        apply("8s");
        try (Wire socket = webSocket(); Wire relayed = relay(); Wire loading = download(); Wire ending = webSocket();
                Http2WebSockets shared = Http2WebSockets.open(web, 2)) {
            plane.apply(NOTHING);
            assertEquals(List.of(), plane.plane().listeners());
            assertEchoes(socket);
            assertEchoes(relayed);
            ending.finish();
            assertTrue(ending.isEnded());
            shared.echo(1);
            assertTrue(socket.isEnded());
            assertTrue(relayed.isEnded());
            assertThrows(IOException.class, loading::readAll);
            assertThrows(IOException.class, () -> shared.echo(2));
            assertEquals(List.of("HTTP/1.1 clientEnded", "HTTP/1.1 cut DRAINED", "HTTP/1.1 drain", "HTTP/2 drain",
                    "HTTP/2 drain", "tcp drain"), ends(6));
            awaitNobody();
        }
    }

    /** A listener of another name has the socket; connections of the one before have their time all the same. */
    @Test
    void aRenamedListenerDoesTheSame() throws Exception {
        apply("2s");
        try (Wire socket = webSocket(); Wire relayed = relay()) {
            plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      other:
                        listeners:
                          - { name: web, address: "127.0.0.1:%d", protocol: http }
                          - { name: raw, address: "127.0.0.1:%d", protocol: tcp, pool: app }
                        routes: [ { forward: app } ]
                    pools: { app: { check: none, targets: [ "%s" ] } }
                    """.formatted(web, raw, target.address()));
            assertTrue(socket.isEnded());
            assertTrue(relayed.isEnded());
            assertEquals(List.of("HTTP/1.1 drain", "tcp drain"), ends(2));
        }
    }

    @Test
    void aDrainedNodeDoesTheSameAndServesWhoComes() throws Exception {
        apply("2s");
        try (Wire socket = webSocket(); Wire relayed = relay(); Wire loading = download()) {
            plane.plane().dismiss(SPREAD);
            assertTrue(socket.isEnded());
            assertTrue(relayed.isEnded());
            assertThrows(IOException.class, loading::readAll);
            assertEquals(List.of("HTTP/1.1 cut DRAINED", "HTTP/1.1 drain", "tcp drain"), ends(3));
        }
        awaitNobody();
        try (Wire socket = webSocket(); Wire relayed = relay()) {
            assertEchoes(socket);
            assertEchoes(relayed);
        }
    }

    @Test
    void aNodeThatIsReadyAgainCutsNobodyOff() throws Exception {
        apply("4s");
        try (Wire socket = webSocket(); Wire relayed = relay()) {
            plane.plane().dismiss(SPREAD);
            plane.plane().recall();
            await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
            assertEchoes(socket);
            assertEchoes(relayed);
        }
    }
}
