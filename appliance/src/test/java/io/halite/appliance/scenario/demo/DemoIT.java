package io.halite.appliance.scenario.demo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as a newcomer sees it: it says what to try, what it says works when pasted, and it leaves nothing behind.
 */
class DemoIT {
    private static final Pattern CURL =
            Pattern.compile("^\\s*(curl .*http://127\\.0\\.0\\.1:\\d+.*)$", Pattern.MULTILINE);

    @TempDir
    Path dir;

    @Test
    void everyPrintedCurlLineWorksAndAnInterruptLeavesNothingRunning() throws Exception {
        Path out = dir.resolve("out");
        // A build that runs in the background ignores interrupts, and so would everything it starts.
        Process demo = new ProcessBuilder("env", "--default-signal=INT", NodeProcess.launcher(), "demo")
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            await().until(() -> CURL.matcher(Files.readString(out)).find());
            await().until(() -> Files.readString(out).contains("healthy"));
            List<ProcessHandle> children = demo.descendants().toList();
            assertTrue(!children.isEmpty(), "the node is a process of its own");
            Matcher line = CURL.matcher(Files.readString(out));
            while (line.find()) {
                CommandResult pasted = CommandResult.run(List.of("sh", "-c", line.group(1)), "", Map.of());
                assertEquals(0, pasted.exitCode(), line.group(1) + "\n" + pasted);
            }
            CommandResult.run(List.of("kill", "-INT", Long.toString(demo.pid())), "", Map.of()).ok();
            assertTrue(demo.waitFor(120, TimeUnit.SECONDS), "the demo ends on Ctrl-C");
            await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
    }
}
