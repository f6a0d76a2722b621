package io.halite.proxy.http2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.BufferPool;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that have us work for nothing, and make us hold what they do not use. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class Http2AbuseTest {
    @Parameter
    Engine engine = Engine.AUTO;

    private static byte[] head(String... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(FrameClient.block(":method: POST", ":scheme: http", ":path: /", ":authority: a"));
        block.writeBytes(FrameClient.block(more));
        return block.toByteArray();
    }

    private static byte[] both(byte[] one, byte[] other) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(one);
        both.writeBytes(other);
        return both.toByteArray();
    }

    private void assertSentAway(IntFunction<byte[]> ofStream) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.ok("x"), engine);
                FrameClient client = FrameClient.ready(scene.plane().port("shop/web"))) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int stream = 1; stream < 2_000; stream += 2) {
                flood.writeBytes(ofStream.apply(stream));
            }
            try {
                client.wire().send(flood.toByteArray());
                assertEquals(Http2Problem.ENHANCE_YOUR_CALM, client.goAway());
            } catch (IOException reset) {
                assertTrue(client.wire().ends());
            }
            await().until(() -> scene.plane().plane().traffic().refused().getOrDefault("HTTP2_FLOOD", 0L) == 1);
        }
    }

    /** CVE-2025-8671, MadeYouReset: the client has us reset streams as fast as it begins them. */
    @Test
    void streamsThatWeAreMadeToReset() throws Exception {
        byte[] post = head("content-length: 1");
        assertSentAway(stream -> both(FrameClient.frame(Frames.HEADERS, 4, stream, post),
                FrameClient.frame(Frames.DATA, 1, stream, (byte) 1, (byte) 2)));
        assertSentAway(stream -> both(FrameClient.frame(Frames.HEADERS, 4, stream, post),
                FrameClient.frame(Frames.WINDOW_UPDATE, 0, stream, new byte[4])));
        assertSentAway(stream -> both(FrameClient.frame(Frames.HEADERS, 4, stream, post),
                FrameClient.frame(Frames.HEADERS, 4, stream, FrameClient.block("a: b"))));
    }

    @Test
    void headsThatAreTooLarge() throws Exception {
        // Each byte behind the field is the field again.
        byte[] field = FrameClient.block("x: " + "y".repeat(2_000));
        field[0] = 0x40;
        byte[] again = new byte[100];
        java.util.Arrays.fill(again, (byte) (0x80 | 62));
        byte[] head = both(both(head(), field), again);
        assertSentAway(stream -> FrameClient.frame(Frames.HEADERS, 5, stream, head));
    }

    @ParameterizedTest
    @ValueSource(strings = {"transfer-encoding: chunked", "content-length: 3", "host: b", "connection: x"})
    void trailersSayNothingOfTheMessage(String trailer) throws Exception {
        try (Scene scene = Scene.before(ScriptedTarget.echo(), engine);
                FrameClient client = FrameClient.ready(scene.plane().port("shop/web"))) {
            client.post(1, "/").data(1, "abc", false).headers(1, true, trailer);
            assertEquals(List.of("RST 1"), client.response(1));
        }
    }

    @Test
    void roomForALargeHeadIsNotKept() throws Exception {
        HeaderBlock block = new HeaderBlock(new BufferPool(0, Long.MAX_VALUE / 4));
        for (int round = 0; round < 3; round++) {
            block.begin(new byte[Frames.MAX_PAYLOAD], 0, Frames.MAX_PAYLOAD, 0, 1);
            block.more(new byte[Frames.MAX_PAYLOAD], 0, Frames.MAX_PAYLOAD, Frames.FLAG_END_HEADERS);
            assertTrue(block.isWhole());
            assertEquals(2 * Frames.MAX_PAYLOAD, block.size());
            block.close();
            assertTrue(block.bytes().length <= 8 * 1024);
        }
    }
}
