package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    private static String awaitDs(RunningNode node) {
        await().until(() -> node.cli("dns", "ds", "lb.example.net").exitCode() == 0);
        return node.cli("dns", "ds", "lb.example.net").out();
    }
}
