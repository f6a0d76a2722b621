package io.halite.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Verbs that look into one node or change one target, against a running node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunningVerbsTest {
    private static final String SITE = """
            apiVersion: halite/v1
            loadBalancers:
              shop:
                domain: shop.lb.example.net
                listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                routes: [ { forward: app } ]
            pools:
              app: { check: none, targets: [ { name: one, address: "127.0.0.1:9" } ] }
            zones: { lb.example.net: { nameservers: [ lb-1 ] } }
            """;

    @TempDir
    static Path dir;

    private RunningNode node;

    @BeforeAll
    void start() throws Exception {
        node = RunningNode.start(dir.resolve("node"));
        node.apply(SITE);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void dnsAskTellsTheAnswerAndWhoIsInIt() {
        CommandResult table = node.cli("dns", "ask", "shop.lb.example.net").ok();
        assertTrue(table.out().contains("NOERROR, zone lb.example.net, by node lb-1 at revision"), table.out());
        assertTrue(table.out().contains("127.0.0.1"), table.out());
        Json json = Json.of(node.cli("dns", "ask", "shop.lb.example.net", "-o", "json", "--from", "198.51.100.7").ok()
                .out());
        assertEquals("lb.example.net", json.text("zone"));
        assertEquals("127.0.0.1", node.cli("dns", "ask", "shop.lb.example.net", "-o", "name").ok().out().strip());
        assertEquals("SOA", Json.of(node.cli("dns", "ask", "lb.example.net", "--type", "soa", "-o", "json").ok().out())
                .text("type"));
        assertTrue(node.cli("dns", "ask", "nobody.lb.example.net").ok().out().contains("NXDOMAIN"));
    }

    @Test
    void theZoneAboveIsToldOfNameserversAndKey() {
        CommandResult told = node.cli("dns", "delegation", "lb.example.net").ok();
        assertTrue(told.out().contains("NS\tlb-1.lb.example.net."), told.out());
        assertTrue(told.out().contains("A\t127.0.0.1"), told.out());
        CommandResult unsigned = node.cli("dns", "ds", "lb.example.net");
        assertEquals(1, unsigned.exitCode());
        assertTrue(unsigned.err().contains("is not signed") && unsigned.err().contains("dnssec: true"), unsigned.err());
        assertEquals(3, node.cli("dns", "ds", "example.org").exitCode());
        CommandResult checked =
                node.cli("dns", "delegation", "lb.example.net", "--server", "127.0.0.1:" + node.dnsPort);
        assertTrue(checked.out().contains("127.0.0.1:" + node.dnsPort), checked.out() + checked.err());
    }

    @Test
    void dnsAskSaysWhenThereIsNothingToTell() {
        CommandResult none = node.cli("dns", "ask", "www.example.org");
        assertEquals(3, none.exitCode(), none.toString());
        assertTrue(none.err().contains("no zone"), none.err());
        CommandResult type = node.cli("dns", "ask", "lb.example.net", "--type", "NOTYPE");
        assertEquals(4, type.exitCode(), type.toString());
        assertTrue(type.err().contains("NOTYPE"), type.err());
        assertEquals(2, node.cli("dns", "ask").exitCode());
        assertEquals(2, node.cli("dns").exitCode());
    }

    @Test
    void weightIsAChangeOfTheConfigWithItsReason() {
        CommandResult set = node.cli("weight", "app/one", "7", "--reason", "weaker machine", "--wait").ok();
        assertTrue(set.out().contains("the weight of app/one is 7"), set.out());
        assertTrue(set.out().contains("active on 1 of 1 nodes"), set.out());
        assertEquals("7", Json.of(node.cli("get", "targets", "-o", "json").ok().out()).items("targets").getFirst()
                .text("weight"));
        assertTrue(node.cli("history").ok().out().contains("weaker machine"));
        assertTrue(node.cli("weight", "app/one", "7").ok().out().contains("nothing to change"));
        assertEquals(3, node.cli("weight", "app/nobody", "7").exitCode());
        assertEquals(4, node.cli("weight", "app/one", "100000").exitCode());
        assertEquals(2, node.cli("weight", "app/one", "heavy").exitCode());
        assertEquals(2, node.cli("weight", "app/one").exitCode());
    }
}
