package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.cli.CommandLines;
import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cluster recover}: one of two nodes is lost, the other becomes the whole cluster. */
class RecoverTest {
    private static final String SITE = """
            apiVersion: halite/v1
            pools: { app: { check: none, targets: [ "127.0.0.1:9" ] } }
            """;

    @TempDir
    Path dir;

    @Test
    void theSurvivorTakesWritesAgain() throws Exception {
        Path data = dir.resolve("one");
        try (RunningNode one = RunningNode.start(data);
                RunningNode two = one.join(dir.resolve("two"), "lb-2", "127.0.0.2")) {
            await().until(() -> Json.of(one.cli("node", "ls", "-o", "json").out())
                    .items("nodes").stream().anyMatch(node -> node.text("role").equals("voter")));
            one.apply(SITE);
            CommandResult running = recover(data, "--abandon", "lb-2");
            assertEquals(1, running.exitCode(), running.toString());
            assertTrue(running.err().contains("in use by process"), running.err());
            assertEquals(0, two.cli("--help").exitCode());
        }

        CommandResult shown = recover(data);
        assertEquals(2, shown.exitCode(), shown.toString());
        assertTrue(shown.out().contains("revision 1, by node lb-1"), shown.out());
        assertTrue(shown.out().contains("lb-2"), shown.out());
        assertTrue(shown.err().contains("--abandon lb-2"), shown.err());
        assertEquals(3, recover(data, "--abandon", "lb-7").exitCode());

        Json done = Json.of(recover(data, "--abandon", "lb-2", "-o", "json").ok().out());
        assertEquals("true", done.text("prepared"));
        assertEquals("1", done.text("revision"));
        assertTrue(recover(data).ok().out().contains("lb-1 is the survivor"), "asking again changes nothing");

        try (RunningNode survivor = RunningNode.start(data)) {
            await().until(() ->
                    survivor.cli("weight", "app/127-0-0-1-9", "7").exitCode() == 0);
            await().until(() -> Json.of(survivor.cli("node", "ls", "-o", "json").out())
                    .items("nodes").size() == 1);
        }
        assertTrue(recover(data).ok().out().contains("nobody to abandon"));
    }

    @Test
    void whereNoMemberIsThereIsNothingToRecover() throws Exception {
        assertEquals(3, recover(dir.resolve("none")).exitCode());
        assertEquals(3, recover(Files.createDirectory(dir.resolve("empty"))).exitCode());
    }

    private static CommandResult recover(Path data, String... options) {
        List<String> all = new ArrayList<>(List.of("cluster", "recover", "--data", data.toString()));
        all.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = CommandLines.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new CommandResult(code, out.toString(), err.toString());
    }
}
