package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Namespace;
import io.halite.appliance.scenario.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rate limit that a node is started with, as clients of two networks meet it; loopback never has one. */
@Tag("netns")
class ResponseLimitIT {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones: { lb.example.net: { nameservers: [ ns1 ], names: { all: { policy: roundRobin } } } }
            """;
    private static final int QUERIES = 20;

    @TempDir
    Path dir;

    @Test
    void oneNetworkIsLimitedAndAnotherGoesWithout() throws IOException {
        Namespace.need("dig", "bind9-dnsutils");
        try (Namespace namespace = Namespace.create("10.99.0.1/24", "10.98.0.1/24")) {
            Process node = new ProcessBuilder(namespace.command(NodeProcess.launcher(), "run", "--data", data(),
                    "--name", "ns1", "--bind", "0.0.0.0", "--advertise", "10.99.0.1", "--dns-rate-limit", "1",
                    "--dns-rate-limit-exempt", "10.98.0.0/24"))
                    .redirectErrorStream(true).redirectOutput(dir.resolve("log").toFile()).start();
            try {
                await().until(() -> namespace.run(NodeProcess.launcher(), "status", "--data", data()).exitCode() == 0);
                namespace.runWithInput(ZONE, NodeProcess.launcher(), "apply", "-f", "-", "--data", data()).ok();
                await().until(() -> answers(namespace, "10.98.0.1", 1, 5) == 1);
                assertEquals(QUERIES, answers(namespace, "10.98.0.1", QUERIES, 30));
                int limited = answers(namespace, "10.99.0.1", QUERIES, 1);
                assertTrue(limited < QUERIES, "all were answered: " + limited);
            } finally {
                node.destroy();
                node.onExit().join();
            }
        }
    }

    /** How many of so many queries, asked one after the other, are answered in full over UDP. */
    private int answers(Namespace namespace, String from, int queries, int seconds) throws IOException {
        Path names = Files.writeString(dir.resolve("names"), "all.lb.example.net A\n".repeat(queries));
        CommandResult asked = namespace.run("dig", "-b", from, "@10.99.0.1", "+nocookie", "+ignore", "+tries=1",
                "+time=" + seconds, "+noall", "+answer", "-f", names.toString());
        return (int) asked.out().lines().filter(line -> line.endsWith("\t10.99.0.1")).count();
    }

    private String data() {
        return dir.resolve("data").toString();
    }
}
