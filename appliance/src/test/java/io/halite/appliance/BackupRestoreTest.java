package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.config.Ticker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three is backed up by a follower; a fresh node of its own gets all of it, or nothing. */
class BackupRestoreTest {
    private static final String SITE = """
            apiVersion: halite/v1
            pools: { app: { check: none, targets: [ { name: one, address: "127.0.0.1:9" } ] } }
            """;

    @TempDir
    Path dir;

    @Test
    void threeNodesComeBackAsOne() throws Exception {
        Path file = dir.resolve("site.backup");
        Path given = Files.writeString(dir.resolve("passphrase"), "as the operator likes\n");
        Path second = dir.resolve("second.backup");
        try (RunningNode one = RunningNode.start(dir.resolve("one"));
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2");
                RunningNode three = one.join(dir.resolve("three"), "lb-3", "127.0.0.3")) {
            one.apply(SITE);
            Path secret = Files.writeString(dir.resolve("secret"), "the canary");
            one.cli("secret", "set", "shop-key", "-f", secret.toString()).ok();
            one.cli("drain", "app/one").ok();
            await().until(() -> three.cli("export").out().contains("app")
                    && Json.of(three.cli("secret", "ls", "-o", "json").out()).items("secrets").size() == 1);
            await().until(() -> three.cli("status").exitCode() == 0);
            CommandResult made = three.cli("backup", file.toString()).ok();
            assertTrue(made.out().contains("revision 1 is saved"), made.out());
            assertTrue(made.err().contains(".key"), made.err());
            await().until(() -> two.cli("status").exitCode() == 0);
            two.cli("backup", second.toString(), "--passphrase-file", given.toString()).ok();
            CommandResult refused = two.cli("restore", second.toString(), "--passphrase-file", given.toString());
            assertEquals(1, refused.exitCode(), refused.toString());
            assertTrue(refused.err().contains("--replace"), refused.err());
            aNodeThatIsAwayIsWaitedFor(one, three);
        }
        for (Path each : new Path[] {file, dir.resolve("site.backup.key")}) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
        }
        assertFalse(Files.exists(dir.resolve("second.backup.key")), "a passphrase needs no key file");
        assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("canary"));
        try (RunningNode fresh = RunningNode.start(dir.resolve("fresh"))) {
            refusals(fresh, file, second);
            assertEquals("0", Json.of(fresh.cli("status", "-o", "json").out()).text("revision"));
            assertTrue(fresh.cli("restore", file.toString(), "--dry-run").ok().out().contains("dry run"));
            CommandResult done = fresh.cli("restore", file.toString()).ok();
            assertTrue(done.out().contains("secrets: shop-key"), done.out());
            assertTrue(done.out().contains("app/one: drain"), done.out());
            assertTrue(done.out().contains("this cluster is at revision 1"), done.out());
            assertEquals("drain", Json.of(fresh.cli("get", "targets", "-o", "json").ok().out()).items("targets")
                    .getFirst().text("adminState"));
            fresh.cli("weight", "app/one", "7").ok();
            fresh.cli("ready", "app/one").ok();
            fresh.cli("restore", second.toString(), "--replace", "--passphrase-file", given.toString()).ok();
            assertEquals("3", Json.of(fresh.cli("status", "-o", "json").out()).text("revision"));
        }
    }

    /** It may come back before the deadline, so nobody says before that it did not. */
    private static void aNodeThatIsAwayIsWaitedFor(RunningNode one, RunningNode away) {
        away.close();
        long start = Ticker.SYSTEM.nanos();
        CommandResult waited = await().until(() ->
                one.cli("weight", "app/one", Integer.toString(1 + ThreadLocalRandom.current().nextInt(90)), "--wait",
                        "--deadline", "2s"), result -> result.exitCode() == 9);
        assertTrue(waited.err().contains("not yet active on lb-3"), waited.err());
        assertTrue(Ticker.SYSTEM.nanos() - start >= 2_000_000_000L, "it did not wait");
    }

    private void refusals(RunningNode fresh, Path file, Path second) throws Exception {
        CommandResult noKey = fresh.cli("restore", second.toString());
        assertEquals(2, noKey.exitCode(), noKey.toString());
        assertTrue(noKey.err().contains("second.backup.key"), noKey.err());
        CommandResult wrong = fresh.cli("restore", file.toString(), "--passphrase-file",
                dir.resolve("passphrase").toString());
        assertEquals(4, wrong.exitCode(), wrong.toString());
        assertTrue(wrong.err().contains("the passphrase is not the one"), wrong.err());
        byte[] bytes = Files.readAllBytes(file);
        Path cut = Files.write(dir.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2));
        CommandResult truncated = fresh.cli("restore", cut.toString());
        assertEquals(4, truncated.exitCode(), truncated.toString());
        assertTrue(truncated.err().contains("damaged or cut off"), truncated.err());
        assertEquals(3, fresh.cli("restore", dir.resolve("nowhere").toString()).exitCode());
    }
}
