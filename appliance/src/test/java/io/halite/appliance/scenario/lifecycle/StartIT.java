package io.halite.appliance.scenario.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.scenario.Site;
import io.halite.appliance.scenario.TestBackend;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting a node: what it prints, what it refuses, and that one bad object stops nothing else. */
class StartIT {
    @TempDir
    Path dir;

    @Test
    void aNodeSaysWhereItListensAndWhatToDoNext() throws Exception {
        try (NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            String log = node.log();
            assertTrue(log.contains("https://127.0.0.1:"), log);
            assertTrue(log.contains("admin.token"), log);
            assertTrue(log.contains("halite apply"), log);
            assertEquals("rw-------", PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(node.data().resolve("admin.token"))));
            String token = Files.readString(node.data().resolve("admin.token")).strip();
            assertTrue(!log.contains(token), "the token must not be printed");
        }
    }

    @Test
    void aSecondNodeOnTheSameDataIsRefused() throws Exception {
        try (NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            CommandResult second = run("--data", node.data().toString(), "--name", "lb-2");
            assertEquals(1, second.exitCode());
            assertTrue(second.err().contains(Long.toString(node.pid())), second.err());
            assertTrue(second.err().contains(node.data().toString()), second.err());
        }
    }

    @Test
    void aTakenAdminPortNamesThePortAndTheOption() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandResult result = run("--data", dir.resolve("node").toString(), "--name", "lb-1",
                    "--admin-port", Integer.toString(taken.getLocalPort()));
            assertEquals(1, result.exitCode());
            assertTrue(result.err().contains(Integer.toString(taken.getLocalPort())), result.err());
            assertTrue(result.err().contains("--admin-port"), result.err());
        }
    }

    @Test
    void aTakenListenerPortIsQuarantinedAloneAndNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestBackend one = TestBackend.start("one");
                NodeProcess node = NodeProcess.start(dir.resolve("node"))) {
            int port = NodeProcess.freePort();
            CommandResult result = node.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      bad:
                        listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                        routes: [ { forward: app } ]
                      good:
                        listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools:
                      app: { targets: [ "%s" ] }
                    """.formatted(taken.getLocalPort(), port, one.address()));
            assertTrue((result.out() + result.err()).contains("loadBalancers/bad/listeners/web"), result.toString());
            assertEquals(200, NodeProcess.status(port, "/"));
            CommandResult status = node.cli("status");
            assertEquals(8, status.exitCode());
            assertTrue(status.out().contains(Integer.toString(taken.getLocalPort())), status.out());

            int port2 = NodeProcess.freePort();
            node.apply(Site.document(port2, one));
            node.awaitSound();
        }
    }

    @Test
    void aConfigFileIsAppliedOnceAtCreation() throws Exception {
        try (TestBackend one = TestBackend.start("one")) {
            int port = NodeProcess.freePort();
            Path config = Files.writeString(dir.resolve("site.yaml"), Site.document(port, one));
            try (NodeProcess node = NodeProcess.start(dir.resolve("node"), "--config", config.toString())) {
                assertEquals("1", node.revision());
                assertEquals(200, NodeProcess.status(port, "/"));
                node.cliWithInput("apiVersion: halite/v1\n", "apply", "-f", "-").ok();
                assertEquals(0, node.terminate());
                node.restart();
                assertEquals("2", node.revision());
            }
        }
    }

    @Test
    void aBrokenConfigFileAtCreationIsToldWithItsLineAndCreatesNothing() throws Exception {
        Path config = Files.writeString(dir.resolve("site.yaml"), "apiVersion: halite/v1\npols: {}\n");
        CommandResult result = run("--data", dir.resolve("node").toString(), "--name", "lb-1",
                "--config", config.toString());
        assertEquals(4, result.exitCode(), result.toString());
        assertTrue(result.err().contains("site.yaml:2"), result.err());
        assertTrue(result.err().contains("pools"), result.err());
    }

    @Test
    void theAotCachesOfTheDistributionHoldForItsJvm() throws Exception {
        Map<String, String> strict = Map.of("HALITE_JAVA_OPTS", NodeProcess.JAVA_OPTIONS + " -XX:AOTMode=on");
        CommandResult.run(List.of(NodeProcess.launcher(), "version"), "", strict).ok();
        try (NodeProcess node = NodeProcess.start(dir.resolve("node"), strict)) {
            assertEquals("0", node.revision());
        }
    }

    private static CommandResult run(String... options) {
        List<String> command = new java.util.ArrayList<>(List.of(NodeProcess.launcher(), "run", "--bind", "127.0.0.1",
                "--cluster-port", "0", "--dns-port", "0"));
        if (!List.of(options).contains("--admin-port")) {
            command.addAll(List.of("--admin-port", "0"));
        }
        command.addAll(List.of(options));
        return CommandResult.run(command, "", Map.of());
    }
}
