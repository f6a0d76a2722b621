package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged node on the real port in a network namespace, as the tools of the trade see it: dig, delv, zonemaster. */
@Tag("netns")
class PortFiftyThreeIT {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones:
              lb.example.net:
                nameservers: [ ns1, ns2 ]
                dnssec: true
                transfer: { allow: [ 10.99.0.0/24 ] }
                geoMaps: { sites: { networks: { 198.51.100.0/24: eu }, otherwise: us } }
                names:
                  ns2: { records: [ { type: A, data: 10.99.0.2 } ] }
                  shop: { policy: weighted, members: [ { address: 192.0.2.10, weight: 50 }, { address: 192.0.2.11 } ] }
                  pair: { members: [ { address: 192.0.2.20 }, { address: 192.0.2.21 }, { address: "2001:db8::20" } ] }
                  near: { policy: geo, regions: { eu: { members: [ { address: 192.0.2.60 } ] },
                          us: { members: [ { address: 192.0.2.70 }, { address: "2001:db8::70" } ] } } }
                  first: { policy: failover, tiers: [ [ { address: 192.0.2.76 } ], [ { address: 192.0.2.77 } ] ] }
                  kept: { sticky: true, members: [ { address: 192.0.2.60 }, { address: 192.0.2.61 } ] }
                  "*.wild": { records: [ { type: A, data: 192.0.2.90 } ] }
                  "*.alias": { records: [ { type: CNAME, data: shop } ] }
                  www: { records: [ { type: CNAME, data: shop } ] }
                  lost: { records: [ { type: CNAME, data: nowhere } ] }
                  a.b.c: { records: [ { type: TXT, data: '"below empty names"' } ] }
            """;

    @TempDir
    Path dir;

    private Namespace namespace;
    private NamespacedNode node;

    @BeforeEach
    void start() throws IOException {
        namespace = Namespace.create("10.99.0.1/24", "10.99.0.2/24");
        node = NamespacedNode.start(namespace, dir, "0.0.0.0", "10.99.0.1");
        node.apply(ZONE);
        await().until(() -> node.halite("dns", "ds", "lb.example.net").exitCode() == 0);
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private String dig(String... arguments) {
        List<String> words = new ArrayList<>(List.of("dig", "+norec", "+tries=3"));
        words.addAll(Arrays.asList(arguments));
        return namespace.run(words.toArray(String[]::new)).ok().out();
    }

    @Test
    void digIsAnsweredFromTheAddressItAskedOverBothTransports() {
        Namespace.need("dig", "bind9-dnsutils");
        for (String server : List.of("@10.99.0.1", "@10.99.0.2")) {
            assertEquals("192.0.2.20\n192.0.2.21\n", sorted(dig(server, "pair.lb.example.net", "+short")));
            assertEquals("192.0.2.20\n192.0.2.21\n", sorted(dig(server, "pair.lb.example.net", "+tcp", "+short")));
            assertTrue(dig(server, "ns1.lb.example.net", "+cookie").contains("(good)"));
        }
        assertTrue(dig("@10.99.0.1", "near.lb.example.net", "+subnet=198.51.100.0/24").contains("198.51.100.0/24/24"));
        assertEquals("\"RFC8482\" \"\"\n", dig("@10.99.0.1", "pair.lb.example.net", "ANY", "+short"));
        assertTrue(dig("@10.99.0.1", "lb.example.net", "AXFR").contains("XFR size"));
    }

    private static String sorted(String lines) {
        return lines.lines().sorted().reduce("", (all, line) -> all + line + "\n");
    }

    @Test
    void delvFindsEveryAnswerAndEveryDenialGood() throws IOException {
        Namespace.need("delv", "bind9-dnsutils");
        String key = dig("@10.99.0.1", "lb.example.net", "DNSKEY", "+short").strip();
        List<String> fields = List.of(key.split(" ", 4));
        Path anchor = Files.writeString(dir.resolve("anchor"), "trust-anchors { lb.example.net. static-key "
                + String.join(" ", fields.subList(0, 3)) + " \"" + fields.get(3).replace(" ", "") + "\"; };\n");
        for (String name : List.of("", "shop.", "pair.", "near.", "first.", "kept.", "x.wild.", "q.alias.", "www.", "lost.",
                "a.b.c.", "b.c.", "c.", "nothing.", "x.y.nothing.", "ns1.")) {
            for (String type : List.of("A", "AAAA", "TXT")) {
                CommandResult told = namespace.run("delv", "@10.99.0.1", "-a", anchor.toString(),
                        "+root=lb.example.net", name + "lb.example.net", type);
                assertTrue(told.out().contains("fully validated"), name + " " + type + "\n" + told.out() + told.err());
            }
        }
    }

    @Test
    void aCopyOfTheZoneIsVerifiedAndComplete() throws IOException {
        Namespace.need("dnssec-verify", "bind9-utils");
        Path zone = Files.writeString(dir.resolve("zone"),
                dig("@10.99.0.1", "lb.example.net", "AXFR", "+noall", "+answer", "+onesoa"));
        CommandResult told = namespace.run("dnssec-verify", "-z", "-o", "lb.example.net", zone.toString());
        assertEquals(0, told.exitCode(), told.out() + told.err());
        assertTrue((told.out() + told.err()).contains("Zone fully signed"), told.out() + told.err());
    }

    @Test
    void zonemasterHasNothingToSayAgainstTheZone() {
        Namespace.need("zonemaster-cli", "zonemaster-cli");
        List<String> ds = List.of(node.halite("dns", "ds", "lb.example.net").ok().out().strip().split("\\s+"));
        CommandResult told = namespace.run("zonemaster-cli", "--no-ipv6", "--no-time", "--show-testcase", "--level",
                "WARNING", "--ns", "ns1.lb.example.net/10.99.0.1", "--ns", "ns2.lb.example.net/10.99.0.2", "--ds",
                String.join(",", ds.subList(4, 8)), "lb.example.net");
        // ADDRESS: the namespace's addresses are private and have no PTR records; the heading has no level.
        List<String> problems = told.out().lines()
                .filter(line -> line.matches("(WARNING|ERROR|CRITICAL) .*") && !line.contains(" ADDRESS0")).toList();
        assertEquals(List.of(), problems, told.out() + told.err());
        assertTrue(told.out().contains("ADDRESS01"), "it ran: " + told.out() + told.err());
    }
}
