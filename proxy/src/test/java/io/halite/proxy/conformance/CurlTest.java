package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** curl as a client: uploads with a length and in chunks, with and without asking first, old versions, connections kept. */
class CurlTest {
    private static final int SIZE = 20_000_000;

    @TempDir
    Path directory;

    private static ScriptedTarget counting() throws Exception {
        return ScriptedTarget.running((wire, target) -> {
            while (true) {
                String body = String.valueOf(target.read(wire).body().length());
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    private static String curl(Scene scene, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS"));
        command.addAll(List.of(options));
        command.add("http://127.0.0.1:" + scene.plane().port("shop/web") + "/");
        return Peer.run(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"EPOLL, --http1.1", "EPOLL, --http2-prior-knowledge", "SELECTOR, --http1.1"})
    void uploads(Engine engine, String version) throws Exception {
        Path file = Files.write(directory.resolve("upload"), new byte[SIZE]);
        try (Scene scene = Scene.before(counting(), engine)) {
            String size = String.valueOf(SIZE);
            assertEquals(size, curl(scene, version, "--data-binary", "@" + file));
            assertEquals(size, curl(scene, version, "-T", file.toString()));
            assertEquals(size, curl(scene, version, "-H", "Expect: 100-continue", "--data-binary", "@" + file));
            assertEquals(size, curl(scene, version, "-H", "Transfer-Encoding: chunked", "-T", file.toString()));
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL", "SELECTOR"})
    void versionsAndConnections(Engine engine) throws Exception {
        try (Scene scene = Scene.before(counting(), engine)) {
            String url = "http://127.0.0.1:" + scene.plane().port("shop/web") + "/";
            assertEquals("0", curl(scene, "--http1.0"));
            assertTrue(curl(scene, "-I").startsWith("HTTP/1.1 200"));
            assertEquals("0 1\n0 0\n0 0\n", curl(scene, "-w", " %{num_connects}\n", url, url));
        }
    }
}
