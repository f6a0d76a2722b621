package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.Lookup;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.config.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that ends or stops without closing anything, as when it is killed, or in a power cut: to the others a process
 * that is stopped looks the same.
 */
@Tag("stories")
class VanishedNodeIT {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones: { lb.example.net: { nameservers: [ lb-1, lb-2 ], names: { all: { policy: roundRobin } } } }
            """;

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int ROUNDS = 5;

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

    /** Once in some rounds at least: a machine that stands still for a moment makes no round fail for good. */
    @Test
    void aNodeThatIsKilledIsGoneFromTheAnswersOfAllWithinASecond() throws IOException {
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2");
                NodeProcess three = NodeProcess.join(one, dir.resolve("three"), "lb-3", "127.0.0.3")) {
            one.apply(ZONE);
            List<Duration> rounds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                told(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), one, two);
                long killed = Ticker.SYSTEM.nanos();
                three.kill();
                told(Set.of("127.0.0.1", "127.0.0.2"), one, two);
                rounds.add(Duration.ofNanos(Ticker.SYSTEM.nanos() - killed));
                if (rounds.getLast().compareTo(SOON) < 0) {
                    return;
                }
                three.restart();
            }
            fail("gone after " + rounds);
        }
    }

    private static void told(Set<String> addresses, NodeProcess one, NodeProcess two) {
        await().pollInterval(Duration.ofMillis(20)).ignoreExceptions().until(() -> asked(one, "127.0.0.1").equals(addresses)
                && asked(two, "127.0.0.2").equals(addresses));
    }

    private static Set<String> asked(NodeProcess node, String address) throws IOException {
        int port = Integer.parseInt(Json.of(Files.readString(node.data().resolve("local.json"))).text("dnsPort"));
        return Lookup.addresses(new InetSocketAddress(InetAddress.ofLiteral(address), port), "all.lb.example.net", Lookup.A);
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
