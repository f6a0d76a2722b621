package io.halite.appliance.scenario.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.cli.CommandLines;
import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.Site;
import io.halite.appliance.scenario.TestBackend;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every verb against a real node: what it prints and its exit code, also when something is wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerbsIT {
    @TempDir
    static Path dir;

    private TestBackend one;
    private NodeProcess node;
    private int port;

    @BeforeAll
    void start() throws IOException {
        one = TestBackend.start("one");
        node = NodeProcess.start(dir.resolve("node"));
        port = NodeProcess.freePort();
    }

    @AfterAll
    void stop() {
        node.close();
        one.close();
    }

    @Test
    void anOperatorsDayFromApplyToRollback() throws Exception {
        Path site = Files.writeString(dir.resolve("site.yaml"), Site.document(port, one));
        assertExit(0, "validate", "-f", site.toString());
        assertExit(10, "diff", "-f", site.toString());
        assertExit(0, "apply", "-f", site.toString(), "--dry-run");
        String before = node.revision();
        node.cli("apply", "-f", site.toString(), "--reason", "first site").ok();
        assertEquals(Long.parseLong(before) + 1, Long.parseLong(node.revision()));
        assertExit(0, "diff", "-f", site.toString());
        node.awaitHealthy("app");
        assertEquals(200, NodeProcess.status(port, "/"));

        String export = node.cli("export").ok().out();
        CommandResult again = node.cliWithInput(export, "apply", "-f", "-").ok();
        assertTrue(again.out().contains("unchanged") || again.out().contains("nothing"), again.out());

        for (String output : List.of("table", "json", "yaml", "name")) {
            assertEndsWell("get", "pools", "-o", output);
            assertEndsWell("status", "-o", output);
            assertEndsWell("history", "-o", output);
        }
        for (String kind : List.of("loadBalancers", "pools", "certificates", "zones", "virtualAddresses",
                "autoscaling", "nodes", "revisions", "targets")) {
            assertEndsWell("get", kind);
        }
        assertEquals("pools/app", node.cli("get", "pools", "-o", "name").ok().out().strip());
        assertTrue(node.cli("history").ok().out().contains("first site"));
        assertTrue(node.cli("describe", "pool", "app").ok().out().contains("healthy"));
        assertTrue(node.cli("show", node.revision()).ok().out().contains("app"));

        String target = "app/127-0-0-1-" + one.port();
        node.cli("maint", target, "--reason", "new disk").ok();
        assertTrue(node.cli("describe", "target", target).ok().out().contains("new disk"));
        node.cli("drain", target).ok();
        node.cli("ready", target).ok();

        node.cli("rollback", before, "--reason", "undo").ok();
        assertEquals(Long.parseLong(before) + 2, Long.parseLong(node.revision()));
        assertTrue(node.cli("history", "-o", "json").ok().out().contains("\"rollbackOf\""));
        assertEquals(0, NodeProcess.status(port, "/"), "the listener is gone with the rollback");
    }

    @Test
    void whatIsWrongHasItsOwnExitCode() throws Exception {
        assertExit(2, "aply");
        assertExit(2, "apply");
        assertExit(3, "get", "pools", "nothing");
        assertExit(3, "describe", "target", "app/nothing");
        assertExit(3, "rollback", "4711");
        assertExit(3, "drain", "no/where");
        Path broken = Files.writeString(dir.resolve("broken.yaml"),
                "apiVersion: halite/v1\npools:\n  app: { targets: [ nowhere ] }\n  APP: {}\n");
        CommandResult result = assertExit(4, "apply", "-f", broken.toString());
        assertTrue(result.err().contains("broken.yaml:3"), result.err());
        assertTrue(result.err().contains("broken.yaml:4"), result.err());
        assertTrue(result.err().contains("/pools/app/targets/0"), result.err());
        assertExit(4, "validate", "-f", broken.toString());
        Path empty = Files.writeString(dir.resolve("empty.yaml"), "apiVersion: halite/v1\n");
        assertExit(5, "apply", "-f", empty.toString(), "--if-match", "4711");
        assertExit(6, "status", "--token", "hlt_wrong");
        assertExit(7, "status", "--url", "https://127.0.0.1:" + NodeProcess.freePort());
        CommandResult nowhere = CommandResult.run(
                List.of(NodeProcess.launcher(), "status", "--data", dir.resolve("none").toString()), "", Map.of());
        assertEquals(7, nowhere.exitCode(), nowhere.toString());
        assertTrue(!nowhere.err().contains("Exception"), nowhere.err());
    }

    @Test
    void versionAndCompletionNeedNoNode() {
        assertTrue(assertExit(0, "version").out().startsWith("halite "));
        String completion = assertExit(0, "completion", "bash").out();
        CommandResult bash = CommandResult.run(List.of("bash", "-n"), completion, Map.of());
        assertEquals(0, bash.exitCode(), bash.err());
        assertExit(0, "completion", "zsh");
        assertExit(0, "--help");
    }

    @Test
    void theDocumentedApiAnswersCurl() throws Exception {
        String base = node.url();
        String ca = node.ca();
        String token = "Authorization: Bearer " + Files.readString(node.data().resolve("admin.token")).strip();
        assertEquals("200", code("--cacert", ca, base + "/healthz"));
        assertEquals("200", code("--cacert", ca, base + "/readyz"));
        assertEquals("401", code("--cacert", ca, base + "/api/v1/config"));
        assertEquals("200", code("--cacert", ca, "-H", token, base + "/api/v1/config"));
        assertEquals("428", code("--cacert", ca, "-H", token, "-X", "PUT", "--data-binary", "apiVersion: halite/v1",
                "-H", "Content-Type: application/yaml", base + "/api/v1/config"));
        assertEquals("412", code("--cacert", ca, "-H", token, "-X", "PUT", "--data-binary", "apiVersion: halite/v1",
                "-H", "Content-Type: application/yaml", "-H", "If-Match: \"4711\"", base + "/api/v1/config"));
        node.apply(Site.document(port, one));
        assertEquals(200, NodeProcess.status(port, "/"));
        String metrics = NodeProcess.curl("--cacert", ca, "-H", token, base + "/metrics").ok().out();
        for (String name : List.of("halite_config_revision", "halite_raft_is_leader", "halite_connections",
                "halite_requests_total", "jvm_memory_used_bytes", "process_cpu_usage")) {
            assertTrue(metrics.contains(name), name);
        }
    }

    private static String code(String... arguments) {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        all[0] = "-o";
        all[1] = "/dev/null";
        all[2] = "-w";
        all[3] = "%{http_code}";
        return NodeProcess.curl(all).ok().out();
    }

    /** As the process does it, but in this one: of twenty verbs alike not each needs a JVM of its own. */
    private void assertEndsWell(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = node.data().toString();
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        assertEquals(0, CommandLines.create().setOut(out).setErr(out).execute(all),
                () -> String.join(" ", all) + "\n" + said);
    }

    private CommandResult assertExit(int expected, String... arguments) {
        CommandResult result = node.cli(arguments);
        assertEquals(expected, result.exitCode(), () -> String.join(" ", arguments) + "\n" + result);
        return result;
    }
}
