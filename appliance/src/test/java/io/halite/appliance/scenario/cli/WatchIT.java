package io.halite.appliance.scenario.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.Site;
import io.halite.appliance.scenario.TestBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking on: {@code watch} and {@code top} beside a real node. */
class WatchIT {
    @TempDir
    Path dir;

    private TestBackend backend;
    private NodeProcess node;
    private int port;

    @BeforeEach
    void start() throws IOException {
        backend = TestBackend.start("one");
        node = NodeProcess.start(dir.resolve("node"));
        port = NodeProcess.freePort();
    }

    @AfterEach
    void stop() {
        node.close();
        backend.close();
    }

    @Test
    void whatHappensIsToldAlsoBeyondARestartOfTheNode() throws IOException {
        Path said = dir.resolve("said");
        Process watching = new ProcessBuilder(NodeProcess.launcher(), "watch", "--data", node.data().toString())
                .redirectErrorStream(true).redirectOutput(said.toFile()).start();
        try {
            await().until(() -> Files.readString(said).contains("event     leader lb-1"));
            node.cliWithInput(Site.document(port, backend), "apply", "-f", "-", "--reason", "first site").ok();
            await().until(() -> Files.readString(said).contains(": first site (")
                    && Files.readString(said).contains("target app/127-0-0-1-" + backend.port() + " is healthy"));
            node.cli("drain", "app/127-0-0-1-" + backend.port(), "--reason", "reboot").ok();
            await().until(() -> Files.readString(said).contains(" is set to drain by "));
            node.kill();
            await().until(() -> Files.readString(said).contains("is lost; trying again"));
            node.restart();
            await().until(() -> Files.readString(said).contains("connected again"));
            node.cli("rollback", "0", "--reason", "no site").ok();
            await().until(() -> Files.readString(said).contains(": no site ("));
            assertTrue(watching.isAlive());
        } finally {
            watching.destroy();
            watching.onExit().join();
        }
    }

    @Test
    void topShowsTrafficAsItIs() {
        node.apply(Site.document(port, backend));
        node.awaitHealthy("app");
        List<CommandResult> shown = new ArrayList<>();
        await().until(() -> {
            Process asking = new ProcessBuilder("sh", "-c", "while :; do curl -s -o /dev/null http://127.0.0.1:" + port
                    + "/; done").start();
            try {
                shown.add(node.cli("top", "-n", "2", "-o", "json").ok());
            } finally {
                asking.destroy();
                asking.onExit().join();
            }
            List<String> seconds = shown.getLast().out().lines().toList();
            assertEquals(2, seconds.size());
            return seconds.stream().anyMatch(second -> second.matches(".*\"requestsPerSecond\":[1-9].*"))
                    && seconds.getLast().contains("\"app/127-0-0-1-" + backend.port() + "\",\"health\":\"healthy\"");
        });
        String screen = node.cli("top", "-n", "1").ok().out();
        assertTrue(screen.startsWith("node lb-1, ") && screen.contains("requests/s ") && screen.contains("IN FLIGHT"),
                screen);
        assertEquals(2, node.cli("top", "--rows", "0").exitCode());
    }

    @Test
    void whoMayNotIsToldSo() {
        assertEquals(6, node.cli("watch", "--token", "wrong").exitCode());
        assertEquals(2, node.cli("watch", "--topics", "weather").exitCode());
        assertEquals(7, node.cli("top", "--url", "https://127.0.0.1:1").exitCode());
    }
}
