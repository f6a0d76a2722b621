package io.halite.appliance.scenario.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.Site;
import io.halite.appliance.scenario.TestBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies larger than the heap pass both ways at a 256 MB heap, and the process does not grow with them. */
class LargeBodyIT {
    private static final long GIGABYTE = 1L << 30;
    private static final long MAX_RESIDENT_KB = 500 * 1024;

    @TempDir
    Path dir;

    @Test
    @Tag("long")
    void aGigabytePassesBothWaysInBoundedMemory() throws Exception {
        try (TestBackend one = TestBackend.start("one");
                NodeProcess node = NodeProcess.start(dir.resolve("node"),
                        Map.of("HALITE_JAVA_OPTS", "-Xmx256m"))) {
            int port = NodeProcess.freePort();
            node.apply(Site.document(port, one));
            node.awaitHealthy("app");
            String base = "http://127.0.0.1:" + port;

            CommandResult download = NodeProcess.curl("-o", "/dev/null", "-w", "%{size_download}",
                    base + "/bytes/" + GIGABYTE).ok();
            assertEquals(Long.toString(GIGABYTE), download.out());

            CommandResult upload = CommandResult.run(List.of("sh", "-c", "head -c " + GIGABYTE
                    + " /dev/zero | curl -sS -o /dev/null -w '%{http_code}' -T - " + base + "/upload"), "", Map.of());
            assertEquals("200", upload.out(), upload.err());
            assertEquals(GIGABYTE, one.received());
            assertTrue(residentKb(node.pid()) < MAX_RESIDENT_KB, "resident kB: " + residentKb(node.pid()));
        }
    }

    private static long residentKb(long pid) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:")).map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong).sum();
    }
}
