package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Json;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes tell of themselves reaches the DNS answers of all: where they stand, their weight, and that they died. */
class DnsNodesTest {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones:
              lb.example.net:
                nameservers: [ lb-1, lb-2 ]
                geoMaps: { sites: { networks: { 198.51.100.0/24: eu, 203.0.113.0/24: us }, otherwise: eu } }
                names:
                  all: { policy: roundRobin }
                  heavy: { policy: weighted }
                  near: { policy: geo }
            """;

    @TempDir
    Path dir;

    @Test
    void siteWeightAndDeathOfANodeShowInTheAnswersOfTheOthers() throws Exception {
        try (RunningNode one = RunningNode.start(dir.resolve("one"));
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2", at("us", 0))) {
            RunningNode three = one.join(dir.resolve("three"), "lb-3", "127.0.0.3", at("eu", 40));
            try {
                one.apply(ZONE);
                for (RunningNode node : List.of(one, two, three)) {
                    patiently().until(() -> answers(node, "near", "203.0.113.9").equals("127.0.0.2"));
                    patiently().until(() -> answers(node, "near", "198.51.100.9").equals("127.0.0.3"));
                    patiently().until(() -> answers(node, "all", "127.0.0.1").equals("127.0.0.1 127.0.0.3"));
                    assertEquals(List.of("100", "0", "40"), candidates(node, "heavy").stream()
                            .map(it -> it.text("weight")).toList());
                }
            } finally {
                three.close();
            }
            for (RunningNode node : List.of(one, two)) {
                patiently().until(() -> answers(node, "all", "127.0.0.1").equals("127.0.0.1"));
                assertTrue(candidates(node, "all").stream().anyMatch(it -> it.text("name").equals("lb-3")
                        && it.text("reason").equals("the node is down")));
            }
        }
    }

    /** DNS opens with the first zone, and only then a port that was left to the system is known. */
    @Test
    void aPortLeftToTheSystemIsToldOnceDnsIsOpen() throws Exception {
        Path data = dir.resolve("any");
        try (RunningNode node = RunningNode.start(data, 0)) {
            assertEquals("0", dnsPort(data));
            node.apply(ZONE);
            patiently().until(() -> !dnsPort(data).equals("0"));
            assertThrows(BindException.class, () -> new DatagramSocket(
                    Integer.parseInt(dnsPort(data)), InetAddress.ofLiteral("127.0.0.1")).close());
        }
    }

    private static NodeSettings.Place at(String site, int weight) {
        return new NodeSettings.Place(site, weight, List.of(), NodeSettings.Responder.DEFAULT);
    }

    private static String dnsPort(Path data) throws IOException {
        return Json.of(Files.readString(data.resolve("local.json"))).text("dnsPort");
    }

    private static ConditionFactory patiently() {
        return await().pollInterval(Duration.ofMillis(50));
    }

    private static Json ask(RunningNode node, String name, String from) {
        return Json.of(node.cli("dns", "ask", name + ".lb.example.net", "--from", from, "-o", "json").ok().out());
    }

    private static String answers(RunningNode node, String name, String from) {
        return String.join(" ", node.cli("dns", "ask", name + ".lb.example.net", "--from", from, "-o", "name").ok().out()
                .lines().sorted().toList());
    }

    private static List<Json> candidates(RunningNode node, String name) {
        return ask(node, name, "127.0.0.1").items("candidates");
    }
}
