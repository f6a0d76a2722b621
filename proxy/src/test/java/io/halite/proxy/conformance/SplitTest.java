package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** However TCP cuts the octets, the messages are the same. */
@SuppressWarnings("StringConcatToTextBlock")
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class SplitTest {
    private static final String TWO = "POST /one?a=b HTTP/1.1\r\nHost: a\r\nX-Long: " + "y".repeat(60)
            + "\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nabcd\r\n0\r\nT: u\r\n\r\n"
            + "\r\nPUT /two HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\n12345";

    private static final String RESPONSE = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nConnection: X\r\n"
            + "X: y\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nabcd\r\n0\r\nT: u\r\n\r\n";

    @Parameter
    Engine engine;

    /** Two pipelined requests, cut at every place. */
    @Test
    void requestsMayBeCutAnywhere() throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine); Wire client = scene.client()) {
            for (int cut = 1; cut < TWO.length(); cut++) {
                client.send(TWO.substring(0, cut));
                if (cut > 160) {
                    // The first is complete: its answer proves that the halves came apart.
                    assertEquals("POST /one?a=b HTTP/1.1\nabcd", client.response().body());
                }
                client.send(TWO.substring(cut));
                if (cut <= 160) {
                    assertEquals("POST /one?a=b HTTP/1.1\nabcd", client.response().body());
                }
                assertEquals("PUT /two HTTP/1.1\n12345", client.response().body(), "cut at " + cut);
            }
        }
    }

    /** Responses, an interim one before each, cut at every place; the second half waits for the client's word. */
    @Test
    void responsesMayBeCutAnywhere() throws Exception {
        BlockingQueue<Boolean> goOn = new LinkedBlockingQueue<>();
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            for (int cut = 1; cut < RESPONSE.length(); cut++) {
                self.read(wire);
                wire.send(RESPONSE.substring(0, cut));
                self.note("half " + cut);
                try {
                    goOn.take();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                wire.send(RESPONSE.substring(cut));
            }
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            for (int cut = 1; cut < RESPONSE.length(); cut++) {
                int half = cut;
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                await().pollInterval(Duration.ofMillis(2)).until(() -> target.noted("half " + half));
                goOn.add(true);
                assertEquals(103, client.response().status());
                assertEquals("abcd", client.response().body(), "cut at " + cut);
            }
            assertEquals(1, target.connections());
        }
    }

    /** Random pieces in both directions. */
    @Test
    void randomPiecesMakeNoDifference() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            Random pieces = new Random(seed + 1);
            while (true) {
                self.read(wire);
                sendInPieces(wire, RESPONSE, pieces);
            }
        });
        try (Scene scene = Scene.before(target, engine); Wire client = scene.client()) {
            for (int round = 0; round < 60; round++) {
                sendInPieces(client, TWO, random);
                for (String request : List.of("POST /one?a=b HTTP/1.1", "PUT /two HTTP/1.1")) {
                    assertEquals(103, client.response().status(), "seed " + seed);
                    assertEquals("abcd", client.response().body(), "seed " + seed);
                    assertEquals(request, target.take().start(), "seed " + seed);
                }
            }
            assertEquals(1, target.connections());
        }
    }

    private static void sendInPieces(Wire wire, String text, Random random) throws java.io.IOException {
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextBoolean() ? 3 : 60));
            wire.send(text.substring(at, end));
            at = end;
        }
    }
}
