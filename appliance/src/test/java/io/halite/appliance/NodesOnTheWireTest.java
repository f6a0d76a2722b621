package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Lookup;
import io.halite.dns.policy.DnsNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which nodes a resolver is told of by each of them, asked as a resolver asks: over UDP. */
class NodesOnTheWireTest {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones: { lb.example.net: { nameservers: [ lb-1, lb-2 ], names: { all: { policy: roundRobin } } } }
            """;
    private static final String ALL = "all.lb.example.net";

    @TempDir
    Path dir;

    @Test
    void aNodeLeavesTheAnswersOfAllWhenItDrainsAndWhenItGoes() throws Exception {
        try (RunningNode one = RunningNode.start(dir.resolve("one"));
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2")) {
            RunningNode three = one.join(dir.resolve("three"), "lb-3", "127.0.0.3");
            try {
                one.apply(ZONE);
                told(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), one, two, three);
                one.cli("drain", "node/lb-2").ok();
                told(Set.of("127.0.0.1", "127.0.0.3"), one, two, three);
                one.cli("ready", "node/lb-2").ok();
                told(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), one, two, three);
            } finally {
                three.close();
            }
            told(Set.of("127.0.0.1", "127.0.0.2"), one, two);
        }
    }

    @Test
    void aNodeOfTwoFamiliesIsToldInBothByAllAndLeavesBoth() throws Exception {
        try (RunningNode one = RunningNode.start(dir.resolve("one"));
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2", with("2001:db8::2", "2001:db8::22"));
                RunningNode three = one.join(dir.resolve("three"), "lb-3", "127.0.0.3", with("2001:db8::3"))) {
            one.apply(ZONE);
            told(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), one, two, three);
            told(ALL, Lookup.AAAA, Set.of("2001:db8::2", "2001:db8::22", "2001:db8::3"), one, two, three);
            told("lb-2.lb.example.net", Lookup.A, Set.of("127.0.0.2"), one, two, three);
            told("lb-2.lb.example.net", Lookup.AAAA, Set.of("2001:db8::2", "2001:db8::22"), one, two, three);
            String delegation = three.cli("dns", "delegation", "lb.example.net").ok().out();
            assertTrue(delegation.contains("2001:db8::22"), delegation);
            String members = three.cli("node", "ls").ok().out();
            assertTrue(members.contains("127.0.0.2 2001:db8::2 2001:db8::22"), members);
            one.cli("drain", "node/lb-2").ok();
            told(ALL, Lookup.AAAA, Set.of("2001:db8::3"), one, two, three);
            told(ALL, Lookup.A, Set.of("127.0.0.1", "127.0.0.3"), one, two, three);
        }
    }

    private static NodeSettings.Place with(String... addresses) {
        return new NodeSettings.Place("", DnsNode.DEFAULT_WEIGHT, Stream.of(addresses).map(InetAddress::ofLiteral).toList(),
                NodeSettings.Responder.DEFAULT);
    }

    private static void told(Set<String> addresses, RunningNode... nodes) {
        told(ALL, Lookup.A, addresses, nodes);
    }

    private static void told(String name, int type, Set<String> addresses, RunningNode... nodes) {
        for (int i = 0; i < nodes.length; i++) {
            InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + (i + 1)), nodes[i].dnsPort);
            await().pollInterval(Duration.ofMillis(20)).until(() -> Lookup.addresses(server, name, type).equals(addresses));
        }
    }
}
