package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes that a document names and the cluster does not have. */
class NodeNamesTest {
    private static final String DOCUMENT = """
            apiVersion: halite/v1
            zones:
              lb.example.net:
                nameservers: [ lb-1, lb2, ns3, ns.example.org ]
                geoMaps: { sites: { networks: { 10.1.0.0/16: eu }, otherwise: us } }
                names:
                  ns3: { records: [ { type: A, data: 192.0.2.1 } ] }
                  a: { members: [ lb-1, { node: frankfurt, weight: 5 } ] }
                  b: { policy: failover, tiers: [ [ lb-2 ], [ lb-3 ] ], whenAllDown: backup, backup: [ lb-9 ] }
                  c: { policy: geo, regions: { eu: { members: [ lb-1 ] }, us: { members: [ lb-l ] } } }
            virtualAddresses:
              front: { address: 203.0.113.10/24, routerId: 51, prefer: [ lb-4, lb-1 ] }
            """;

    private static List<String> warnings(Set<String> nodes) {
        return ConfigDocument.read(DOCUMENT.getBytes(StandardCharsets.UTF_8), new DocumentRules(Map.of(), Map.of(), nodes))
                .problems().stream().filter(problem -> problem.code().equals("UNKNOWN_NODE"))
                .map(NodeNamesTest::told).toList();
    }

    private static String told(Problem problem) {
        return problem.line() + " " + problem.message() + ": " + problem.hint();
    }

    @Test
    void eachIsWarnedOfWithTheNameThatMayBeMeant() {
        assertEquals(List.of("3 no node is called 'lb2': did you mean 'lb-2'? else it counts once a node joins as lb2",
                "8 no node is called 'frankfurt': it counts once a node joins as frankfurt",
                "9 no node is called 'lb-9': did you mean 'lb-1'? else it counts once a node joins as lb-9",
                "10 no node is called 'lb-l': did you mean 'lb-1'? else it counts once a node joins as lb-l",
                "12 no node is called 'lb-4': did you mean 'lb-1'? else it counts once a node joins as lb-4"),
                warnings(Set.of("lb-1", "lb-2", "lb-3")));
    }

    @Test
    void whereTheClusterIsNotKnownNobodyIsMissed() {
        assertEquals(List.of(), warnings(Set.of()));
    }
}
