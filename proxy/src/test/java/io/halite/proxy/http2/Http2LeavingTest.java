package io.halite.proxy.http2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a request is no sign that its client has left; a reset is. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class Http2LeavingTest {
    @Parameter
    private Engine engine = Engine.EPOLL;

    private static long counted(Scene scene, int status) {
        return scene.plane().plane().traffic().series().stream().mapToLong(
                series -> series.codes().getOrDefault(status, 0L)).sum();
    }

    @Test
    void anEndThatComesLateIsStillAnEnd() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            try {
                ended.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            wire.readAll();
        });
        try (Scene scene = Scene.before(target, engine);
                FrameClient client = FrameClient.ready(scene.plane().port("shop/web"))) {
            client.post(1, "/", "content-length: 3").data(1, "abc", false);
            target.take();
            await().pollDelay(Duration.ofMillis(900)).until(() -> true);
            client.data(1, "", true);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            ended.countDown();
            assertEquals("ok", client.response(1).getLast());
        }
    }

    @Test
    void aResetStreamTakesItsRequestAlong() throws Exception {
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            self.read(wire);
            wire.isEnded();
            self.note("ended");
        });
        try (Scene scene = Scene.before(target, engine);
                FrameClient client = FrameClient.ready(scene.plane().port("shop/web"))) {
            client.get(1, "/");
            target.take();
            client.send(Frames.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            await().until(() -> target.noted("ended"));
            await().until(() -> counted(scene, 499) == 1);
        }
    }
}
