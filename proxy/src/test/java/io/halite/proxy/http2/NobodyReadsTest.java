package io.halite.proxy.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.http2.FrameClient.Frame;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that ask for much and take nothing: the heap does not fill, and others are served. */
class NobodyReadsTest {
    private static final int STREAMS = 100;
    private static final int BODY = 60_000;
    /** From where on the one loop is careful. */
    private static final long MUCH =
            Runtime.getRuntime().maxMemory() / 8 / Runtime.getRuntime().availableProcessors();

    private static long held(Scene scene) {
        return scene.plane().plane().traffic().loops().getFirst().bufferBytes();
    }

    /** Asks over many streams, grants no room for content, and waits for the heads. */
    private static FrameClient idler(Scene scene) throws IOException {
        FrameClient client = FrameClient.connect(scene.plane().port("shop/web"));
        client.wire().send(FrameClient.PREFACE);
        client.send(Frames.SETTINGS, 0, 0, (byte) 0, (byte) Frames.SETTING_INITIAL_WINDOW, (byte) 0, (byte) 0, (byte) 0,
                (byte) 0);
        for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
            client.get(stream, "/");
        }
        for (int heads = 0; heads < STREAMS; heads++) {
            client.next(Frames.HEADERS);
        }
        return client;
    }

    @Test
    void whatWaitsIsBounded() throws Exception {
        List<FrameClient> idlers = new ArrayList<>();
        try (Scene scene = Scene.before(ScriptedTarget.ok("x".repeat(BODY)), Engine.EPOLL)) {
            int most = (int) (MUCH / STREAMS / 10_000);
            while (held(scene) < MUCH && idlers.size() < most) {
                idlers.add(idler(scene));
            }
            long before = held(scene);
            assertTrue(before >= MUCH, before + " bytes are held for " + idlers.size() + " clients");
            idlers.add(idler(scene));
            idlers.add(idler(scene));
            long more = held(scene) - before;
            assertTrue(more < 2 * STREAMS * 16_000, more + " bytes are held for two more");

            try (FrameClient other = FrameClient.ready(scene.plane().port("shop/web"))) {
                List<String> response = other.get(1, "/").response(1);
                assertEquals(":status: 200", response.getFirst());
                assertEquals(BODY, response.getLast().length());
            }
            // Who begins to read gets all of it.
            FrameClient first = idlers.getFirst();
            first.number(Frames.WINDOW_UPDATE, 0, BODY).number(Frames.WINDOW_UPDATE, 1, BODY);
            int got = 0;
            Frame frame;
            do {
                frame = first.next(Frames.DATA);
                got += frame.payload().length;
            } while (!frame.endsStream());
            assertEquals(BODY, got);
        } finally {
            for (FrameClient each : idlers) {
                each.close();
            }
        }
    }
}
