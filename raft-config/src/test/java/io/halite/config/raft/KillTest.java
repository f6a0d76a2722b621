package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.store.ConfigState;
import io.halite.config.store.LastKnownGood;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 at any moment loses no acknowledged revision: a real process, killed again and again. */
class KillTest {
    @TempDir
    Path directory;

    @Test
    void aKilledProcessLosesNothingItAcknowledged() throws Exception {
        run(4, new Random(1));
    }

    @Test
    @Tag("long")
    void manyKilledProcessesLoseNothing() throws Exception {
        long seed = Long.getLong("halite.long.seed", System.nanoTime());
        int rounds = Integer.getInteger("halite.long.rounds", 50);
        announce("kill rounds=" + rounds + " seed=" + seed);
        run(rounds, new Random(seed));
    }

    @SuppressWarnings("SystemOut")
    private static void announce(String line) {
        System.out.println(line);
    }

    private void run(int rounds, Random random) throws Exception {
        long acknowledged = 0;
        for (int round = 0; round < rounds; round++) {
            Process process = start(directory);
            try (BufferedReader out = process.inputReader()) {
                long recovered = number(out.readLine(), "recovered");
                // What was written but not acknowledged yet may be there, or not.
                assertTrue(recovered == acknowledged || recovered == acknowledged + 1,
                        acknowledged + " acknowledged, " + recovered + " recovered");
                acknowledged = recovered;
                int writes = 1 + random.nextInt(60);
                for (int i = 0; i < writes; i++) {
                    acknowledged = number(out.readLine(), "acknowledged");
                }
                // Through the handle, which leaves what it printed to be read.
                process.toHandle().destroyForcibly();
                // Lines that were printed before the kill count too.
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith("acknowledged ") && line.length() > "acknowledged ".length()) {
                        acknowledged = Math.max(acknowledged, Long.parseLong(line.substring("acknowledged ".length())));
                    }
                }
            }
            process.waitFor();
            Optional<ConfigState> good = LastKnownGood.read(directory);
            assertTrue(good.isPresent(), "no last known good");
        }
        try (TestNode node = TestNode.open(directory)) {
            node.awaitLeading();
            long revision = node.store.current().revision().number();
            assertTrue(revision >= acknowledged, acknowledged + " acknowledged, " + revision + " recovered");
            assertEquals(TestConfigs.numbered(Math.toIntExact(revision - 1)), node.store.current().config());
        }
    }

    private static long number(String line, String word) {
        assertNotNull(line, "the process ended");
        assertTrue(line.startsWith(word + " "), line);
        return Long.parseLong(line.substring(word.length() + 1));
    }

    static Process start(Path directory) throws IOException {
        return java(StoreProcess.class, directory.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** A JVM with this one's class path. */
    static ProcessBuilder java(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx128m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }
}
