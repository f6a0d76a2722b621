package io.halite.proxy.http2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.halite.proxy.TestPlane;
import io.halite.proxy.accesslog.LogDestination.RotatedFile;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.LogFile;
import io.halite.proxy.testing.ScriptedTarget;
import java.io.IOException;
import java.nio.file.Path;
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
 * What the log says of responses that a client does not take, though the target is through with them long ago. The window
 * of HTTP/2 says to the byte what is taken.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class Http2LogTest {
    private static final int BODY = 30_000;

    @Parameter
    Engine engine = Engine.AUTO;

    @TempDir
    private Path dir;

    private TestPlane plane;
    private ScriptedTarget target;

    @BeforeEach
    void start() throws Exception {
        plane = TestPlane.logging(engine, 1, RotatedFile.at(dir.resolve("access.log")));
        target = ScriptedTarget.ok("x".repeat(BODY));
    }

    @AfterEach
    void stop() throws Exception {
        plane.close();
        target.close();
    }

    /** A client that has got the head of its response, and none of the content. */
    private FrameClient waiting(String timeouts) throws Exception {
        assertEquals(List.of(), plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    timeouts: { %s }
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    routes: [ { forward: app } ]
                pools: { app: { check: none, targets: [ { name: one, address: "%s" } ] } }
                """.formatted(timeouts, target.address())));
        FrameClient client = FrameClient.connect(plane.port("shop/web"));
        client.wire().send(FrameClient.PREFACE);
        client.send(Frames.SETTINGS, 0, 0, (byte) 0, (byte) Frames.SETTING_INITIAL_WINDOW, (byte) 0, (byte) 0, (byte) 0,
                (byte) 0);
        client.get(1, "/").next(Frames.HEADERS);
        return client;
    }

    private Map<String, String> onlyLine(String end) throws IOException {
        Map<String, String> line = new LogFile(dir.resolve("access.log")).lines(1).getFirst();
        assertEquals(end, line.get("end"), line.toString());
        assertEquals("200", line.get("status"));
        return line;
    }

    private long written() {
        return plane.plane().traffic().accessLog().written();
    }

    @Test
    void aClientThatTakesAll() throws Exception {
        try (FrameClient client = waiting("idle: 1m")) {
            await().until(() -> plane.plane().traffic().loops().getFirst().bufferBytes() >= BODY);
            assertEquals(0, written(), "it is logged when it is taken");
            client.grant(BODY, 1);
            int got = 0;
            while (got < BODY) {
                got += client.next(Frames.DATA).payload().length;
            }
            assertNull(onlyLine("complete").get("reason"));
        }
    }

    @Test
    void aClientThatLeaves() throws Exception {
        try (FrameClient client = waiting("idle: 1m")) {
            client.number(Frames.RST_STREAM, 1, Http2Problem.CANCEL);
            assertNull(onlyLine("clientLeft").get("reason"));
        }
    }

    @Test
    void aClientThatTakesNothing() throws Exception {
        try (FrameClient _ = waiting("idle: 3s")) {
            assertEquals("SLOW_READER", onlyLine("cut").get("reason"));
        }
    }

    @Test
    void aTotalThatIsOver() throws Exception {
        try (FrameClient _ = waiting("idle: 1m, total: 5s")) {
            assertEquals("TOTAL_TIMEOUT", onlyLine("cut").get("reason"));
        }
    }

    @Test
    void aProcessThatEnds() throws Exception {
        try (FrameClient _ = waiting("idle: 1m")) {
            plane.close();
            assertEquals("DRAINED", onlyLine("cut").get("reason"));
        }
    }
}
