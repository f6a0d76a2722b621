package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.Endpoint;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.config.membership.DataDirectory;
import io.halite.proxy.accesslog.LogDestination;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A node that waits to be claimed becomes a cluster of one, or joins another; a cluster of one may join as well. */
class SetupTest {
    private static final String SITE = """
            apiVersion: halite/v1
            pools: { app: { check: none, targets: [ { name: one, address: "127.0.0.1:9" } ] } }
            """;

    @TempDir
    Path dir;

    private static String token(NodeLife node) {
        await().until(() -> node.cli("status").exitCode() == 0);
        return node.cli("token", "create").ok().out().lines().reduce((first, last) -> last).orElseThrow();
    }

    private static AdminClient client(NodeLife node) {
        return new AdminClient(Endpoint.find(new Endpoint.Given(null, null, null, node.data.toString()), Map.of()));
    }

    @Test
    void anUnclaimedNodeFoundsAClusterForWhoeverKnowsItsCode() throws Exception {
        Path config = Files.writeString(dir.resolve("site.yaml"), SITE);
        try (NodeLife node = NodeLife.unclaimed(dir.resolve("node"), "lb-1", "127.0.0.1", config)) {
            Path codeFile = node.data.resolve("setup.code");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(codeFile)));
            String code = Files.readString(codeFile).strip();
            assertTrue(node.printed().contains("setup code " + code), node.printed());
            CommandResult status = node.cli("status");
            assertEquals(1, status.exitCode(), status.toString());
            assertTrue(status.err().contains("belongs to no cluster yet"), status.err());
            String token;
            try (AdminClient client = client(node)) {
                assertEquals("false", client.get("/setup").fields().text("claimed"));
                CommandFailure wrong = Assertions.assertThrows(CommandFailure.class,
                        () -> client.post("/setup:create", "{\"code\":\"0000-0000-0000\"}"));
                assertTrue(String.valueOf(wrong.getMessage()).contains("not the setup code"), wrong.getMessage());
                client.post("/setup:claim", "{\"code\":\"" + code.toLowerCase(java.util.Locale.ROOT) + "\"}");
                Fields created = client.post("/setup:create", "{\"code\":\"" + code + "\"}").fields();
                token = created.text("token");
                assertTrue(created.text("ca").contains("BEGIN CERTIFICATE"), created.text("ca"));
            }
            await().until(() -> node.cli("status").exitCode() == 0);
            assertEquals(token, Files.readString(node.data.resolve("admin.token")).strip());
            assertEquals("1", Json.of(node.cli("status", "-o", "json").out()).text("revision"));
            assertFalse(Files.exists(codeFile), "the code is void once the node is claimed");
            try (AdminClient client = client(node)) {
                assertEquals("true", client.get("/setup").fields().text("claimed"));
                CommandFailure again = Assertions.assertThrows(CommandFailure.class,
                        () -> client.post("/setup:create", "{\"code\":\"" + code + "\"}"));
                assertTrue(String.valueOf(again.getMessage()).contains("belongs to a cluster already"), again.getMessage());
            }
        }
    }

    @Test
    void unclaimedAndEmptyNodesJoinByTheCommandLine() throws Exception {
        try (NodeLife one = NodeLife.founding(dir.resolve("one"), "lb-1", "127.0.0.1");
                NodeLife two = NodeLife.unclaimed(dir.resolve("two"), "lb-2", "127.0.0.2");
                NodeLife three = NodeLife.founding(dir.resolve("three"), "lb-3", "127.0.0.3")) {
            String first = token(one);
            token(three);
            CommandResult noPeer = two.cli("join", "127.0.0.1:1", "--token", first);
            assertEquals(7, noPeer.exitCode(), noPeer.toString());
            assertEquals(4, two.cli("join", one.authority(), "--token", "HAL1.nonsense").exitCode());
            CommandResult wrongCluster = two.cli("join", one.authority(), "--token", token(three));
            assertEquals(6, wrongCluster.exitCode(), wrongCluster.toString());
            assertTrue(wrongCluster.err().contains("does not prove that it belongs to the cluster"), wrongCluster.err());
            CommandResult joined = two.cli("join", one.authority(), "--token", first).ok();
            assertTrue(joined.out().contains("joined the cluster"), joined.out());
            CommandResult used = three.cli("join", one.authority(), "--token", first);
            assertEquals(6, used.exitCode(), used.toString());
            assertTrue(used.err().contains("has let in as many nodes as it may"), used.err());
            assertEquals(0, three.cli("status").exitCode(), "a refusal leaves it what it was");
            three.cli("join", two.authority(), "--token", token(one)).ok();
            await().until(() ->
                    Json.of(one.cli("node", "ls", "-o", "json").out()).items("nodes").size() == 3);
            CommandResult member = three.cli("join", one.authority(), "--token", token(one));
            assertEquals(1, member.exitCode(), member.toString());
            assertTrue(member.err().contains("node remove"), member.err());
        }
    }

    @Test
    void aCrashRightAfterTheCreationLosesNoConfig() throws Exception {
        Path data = dir.resolve("crashed");
        InitialConfig config = InitialConfig.read(Files.writeString(dir.resolve("site.yaml"), SITE));
        try (DataDirectory directory = DataDirectory.open(data)) {
            InetAddress local = InetAddress.ofLiteral("127.0.0.1");
            new Enrolment(new NodeSettings(data, "lb-1", local, local, new NodeSettings.Ports(0, 0, 0),
                    NodeSettings.Place.ANYWHERE, new LogDestination.None(), null, null, false, false,
                    NodeSettings.Engines.BEST),
                    directory, InstantSource.system()).found(Optional.of(config));
        }
        for (int start = 0; start < 2; start++) {
            try (NodeLife node = NodeLife.founding(data, "lb-1", "127.0.0.1")) {
                await().until(() -> node.cli("status").exitCode() == 0);
                assertEquals("1", Json.of(node.cli("status", "-o", "json").out()).text("revision"));
            }
        }
    }

    @Test
    void theNodesFileSaysHowToJoin() throws Exception {
        Path file = Files.writeString(dir.resolve("node.yaml"),
                "name: lb-7\njoin: 10.0.0.5\ntokenFile: /run/token\nunclaimed: true\nadminPort: 9443\n");
        CommandLine run = new CommandLine(new RunCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        run.setDefaultValueProvider(
                new OptionDefaults(Map.of("HALITE_NODE_FILE", file.toString(), "HALITE_JOIN_TOKEN", "HAL1.t")));
        run.parseArgs("--admin-port", "8444");
        Map<String, String> expected = Map.of("--join", "10.0.0.5", "--token-file", "/run/token", "--unclaimed", "true",
                "--name", "lb-7", "--token", "HAL1.t", "--admin-port", "8444");
        expected.forEach((option, value) -> assertEquals(value,
                String.valueOf(run.getCommandSpec().findOption(option).<Object>getValue()), option));
    }

    @Test
    void aClusterOfOneWithAConfigIsNotThrownAway() throws Exception {
        try (NodeLife one = NodeLife.founding(dir.resolve("one"), "lb-1", "127.0.0.1");
                NodeLife two = NodeLife.founding(dir.resolve("two"), "lb-2", "127.0.0.2")) {
            String token = token(one);
            token(two);
            CommandResult own = one.cli("join", two.authority(), "--token", token);
            assertEquals(1, own.exitCode(), own.toString());
            assertTrue(own.err().contains("own cluster"), own.err());
            two.cli("apply", "-f", Files.writeString(dir.resolve("site.yaml"), SITE).toString()).ok();
            CommandResult refused = two.cli("join", one.authority(), "--token", token);
            assertEquals(1, refused.exitCode(), refused.toString());
            assertTrue(refused.err().contains("halite backup"), refused.err());
            assertEquals("1", Json.of(two.cli("status", "-o", "json").out()).text("revision"));
        }
    }
}
