package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that stops without closing anything, as in a power cut: to the others a process that is stopped looks the same.
 */
@Tag("stories")
class VanishedNodeIT {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones: { lb.example.net: { nameservers: [ lb-1, lb-2 ], names: { all: { policy: roundRobin } } } }
            """;

    @TempDir
    Path dir;

    @Test
    void aNodeThatFallsSilentLeavesTheAnswersAndComesBack() throws IOException {
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2")) {
            one.apply(ZONE);
            patiently().until(() -> answers(one).equals("127.0.0.1 127.0.0.2"));
            signal(two, "STOP");
            try {
                patiently().until(() -> answers(one).equals("127.0.0.1"));
            } finally {
                signal(two, "CONT");
            }
            patiently().until(() -> answers(one).equals("127.0.0.1 127.0.0.2"));
        }
    }

    private static ConditionFactory patiently() {
        return await().pollInterval(Duration.ofMillis(50));
    }

    private static void signal(NodeProcess node, String name) {
        assertEquals(0, CommandResult.run(List.of("kill", "-" + name, Long.toString(node.pid())), "", Map.of()).exitCode());
    }

    private static String answers(NodeProcess node) {
        return String.join(" ", node.cli("dns", "ask", "all.lb.example.net", "-o", "name").ok().out().lines().sorted()
                .toList());
    }
}
