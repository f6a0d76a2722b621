package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** slowhttptest's four ways to occupy a server with little: others are served meanwhile, and deadlines end them. */
@Tag("peers")
class SlowClientsTest {
    private static final int CONNECTIONS = 300;

    @ParameterizedTest
    @ValueSource(strings = {"-H -i 1", "-B -i 1 -s 8192", "-X -w 10 -y 20 -n 2 -z 5 -k 3", "-R -a 10 -b 3000"})
    void othersAreServed(String mode) throws Exception {
        String timeouts = "timeouts: { requestHeader: 2s, requestBody: 2s, idle: 2s }";
        String large = "x".repeat(1_000_000);
        ScriptedTarget target = ScriptedTarget.running((wire, self) -> {
            while (true) {
                String body = wire.request().start().contains("/small") ? "yes" : large;
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        try (Scene scene = Scene.before(target, Engine.AUTO, timeouts)) {
            List<String> command = new ArrayList<>(List.of("slowhttptest", "-c", String.valueOf(CONNECTIONS), "-r", "150",
                    "-l", "15", "-p", "5", "-u", "http://127.0.0.1:" + scene.plane().port("shop/web") + "/"));
            command.addAll(List.of(mode.split(" ", -1)));
            CompletableFuture<String> attack = CompletableFuture.supplyAsync(() -> run(command));
            int served = 0;
            while (!attack.isDone()) {
                assertEquals("yes", scene.ask("GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").body());
                served++;
            }
            String output = attack.get();
            assertTrue(served > 10, output);
            assertFalse(output.contains("service available:   NO"), output);
            await().until(
                    () -> scene.plane().plane().traffic().listeners().getFirst().open() == 0);
            assertTrue(scene.plane().plane().traffic().listeners().getFirst().accepted() >= CONNECTIONS, output);
        }
    }

    private static String run(List<String> command) {
        try {
            return Peer.run(60, command.toArray(String[]::new)).replaceAll("\u001b\\[[;0-9]*m", "");
        } catch (Exception failed) {
            return failed.toString();
        }
    }
}
