package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed zone keeps its key: on every node, after a restart, and in a backup that another cluster restores. */
class SignedZoneTest {
    private static final String ZONE = """
            apiVersion: halite/v1
            zones:
              lb.example.net: { nameservers: [ lb-1, lb-2 ], dnssec: true }
            """;

    @TempDir
    Path dir;

    @Test
    void theKeyIsTheClustersAndSurvives() throws Exception {
        Path data = dir.resolve("one");
        Path backup = dir.resolve("backup");
        String ds;
        try (RunningNode one = RunningNode.start(data)) {
            one.apply(ZONE);
            ds = awaitDs(one);
            assertTrue(ds.matches("lb\\.example\\.net\\.\\s+3600\\s+IN\\s+DS\\s+\\d+ 13 2 [0-9A-F]{64}\\s*"), ds);
            try (RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2")) {
                assertEquals(ds, awaitDs(two));
            }
            assertTrue(one.cli("secret", "ls").ok().out().contains("dnssec/lb.example.net"));
            one.cli("backup", backup.toString()).ok();
        }
        Path keys = data.resolve("dns-keys");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
        assertFalse(Files.readString(keys).contains("MEECAQ"), "a private key in the clear");
        try (RunningNode again = RunningNode.start(data)) {
            assertEquals(ds, again.cli("dns", "ds", "lb.example.net").ok().out(), "at once, from the sealed copy");
        }
        try (RunningNode other = RunningNode.start(dir.resolve("other"))) {
            other.cli("restore", backup.toString(), "--passphrase-file", backup + ".key").ok();
            await().until(() -> awaitDs(other).equals(ds));
        }
    }

    @Test
    void theKeyIsReplacedWhileTheZoneIsUnsigned() throws Exception {
        try (RunningNode node = RunningNode.start(dir.resolve("one"))) {
            node.apply(ZONE);
            String first = awaitDs(node);
            String refusal = node.cli("secret", "rm", "dnssec/lb.example.net").err();
            assertTrue(refusal.contains("zones/lb.example.net"), refusal);
            node.apply(ZONE.replace("dnssec: true", "dnssec: false"));
            node.cli("secret", "rm", "dnssec/lb.example.net").ok();
            node.apply(ZONE);
            await().until(() -> !awaitDs(node).equals(first));
        }
    }

    @Test
    void oneKeyFollowsAnotherWhileTheZoneStaysSigned() throws Exception {
        Path data = dir.resolve("one");
        try (RunningNode node = RunningNode.start(data)) {
            node.apply(ZONE + "  example.net: { nameservers: [ lb-1, lb-2 ], dnssec: true }\n");
            String first = awaitDs(node);
            String server = "127.0.0.1:" + Json.of(Files.readString(data.resolve("local.json"))).text("dnsPort");
            assertEquals(1, node.cli("dns", "roll", "lb.example.net", "--finish", "--server", server).exitCode());
            node.cli("dns", "roll", "lb.example.net", "--wait", "1h").ok();
            assertEquals(first, node.cli("dns", "ds", "lb.example.net").ok().out(), "the new one does not sign yet");
            assertEquals(List.of("true", "false"), signing(node));
            assertEquals(1, node.cli("dns", "roll", "lb.example.net").exitCode());
            assertEquals(1, node.cli("dns", "roll", "lb.example.net", "--finish", "--unasked").exitCode());

            node.cli("dns", "roll", "example.net", "--wait", "1s").ok();
            await().until(() -> keys(node, "example.net").getLast().text("signing").equals("true"));
            String refusal = node.cli("dns", "roll", "example.net", "--finish", "--server", server).err();
            assertTrue(refusal.contains("it does not have the DS record of the new key"), refusal);
            node.cli("dns", "roll", "example.net", "--finish", "--unasked", "--wait", "1s").ok();
            await().until(() -> keys(node, "example.net").size() == 1);
            assertTrue(keys(node, "example.net").getFirst().text("signing").equals("true"));
        }
    }

    /** The parent of the zone is served here too, and names the key that signs. */
    @Test
    void theOldKeyLeavesOnceTheZoneAboveNamesTheNewOne() throws Exception {
        Path data = dir.resolve("one");
        try (RunningNode node = RunningNode.start(data)) {
            node.apply(ZONE + "  example.net: { nameservers: [ lb-1, lb-2 ], dnssec: true }\n");
            String first = awaitDs(node);
            String server = "127.0.0.1:" + Json.of(Files.readString(data.resolve("local.json"))).text("dnsPort");
            node.cli("dns", "roll", "lb.example.net", "--wait", "1s").ok();
            await().until(() -> !awaitDs(node).equals(first));
            node.cli("dns", "roll", "lb.example.net", "--finish", "--server", server, "--wait", "1s").ok();
            await().until(() -> keys(node, "lb.example.net").size() == 1);
            assertEquals(awaitDs(node).strip(), keys(node, "lb.example.net").getFirst().text("ds"));
        }
    }

    @Test
    void aRollOverIsCalledOffWhileTheZoneAboveNamesTheOldKey() throws Exception {
        Path data = dir.resolve("one");
        try (RunningNode node = RunningNode.start(data)) {
            node.apply(ZONE + "  example.net: { nameservers: [ lb-1, lb-2 ], dnssec: true }\n");
            String first = awaitDs(node);
            String server = "127.0.0.1:" + Json.of(Files.readString(data.resolve("local.json"))).text("dnsPort");
            assertEquals(1, node.cli("dns", "roll", "lb.example.net", "--cancel").exitCode(), "there is none");
            assertEquals(2, node.cli("dns", "roll", "lb.example.net", "--cancel", "--finish").exitCode());
            node.cli("dns", "roll", "lb.example.net", "--wait", "1h").ok();
            node.cli("dns", "roll", "lb.example.net", "--cancel").ok();
            assertEquals(1, keys(node, "lb.example.net").size(), "the new key never signed and is gone");

            node.cli("dns", "roll", "lb.example.net", "--wait", "1s").ok();
            await().until(() -> !awaitDs(node).equals(first));
            String refusal = node.cli("dns", "roll", "lb.example.net", "--cancel", "--server", server).err();
            assertTrue(refusal.contains("it does not have the DS record of the old key"), refusal);
            node.cli("dns", "roll", "lb.example.net", "--cancel", "--unasked", "--wait", "1s").ok();
            await().until(() -> awaitDs(node).equals(first) && keys(node, "lb.example.net").size() == 1);
        }
    }

    private static List<Json> keys(RunningNode node, String zone) {
        return Json.of(node.cli("dns", "keys", zone, "-o", "json").ok().out()).items("keys");
    }

    private static List<String> signing(RunningNode node) {
        return keys(node, "lb.example.net").stream().map(key -> key.text("signing")).toList();
    }

    private static String awaitDs(RunningNode node) {
        await().until(() -> node.cli("dns", "ds", "lb.example.net").exitCode() == 0);
        return node.cli("dns", "ds", "lb.example.net").out();
    }
}
