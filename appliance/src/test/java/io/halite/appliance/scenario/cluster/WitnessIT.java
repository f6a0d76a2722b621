package io.halite.appliance.scenario.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real nodes and a witness on 127.0.0.1 to .3: one node is killed and changes go on; the witness serves nobody. */
@Tag("stories")
class WitnessIT {
    @TempDir
    Path dir;

    @Test
    void changesGoOnWhenOneOfTwoNodesIsKilled() throws Exception {
        int port = NodeProcess.freePort();
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"));
                NodeProcess two = NodeProcess.join(one, dir.resolve("two"), "lb-2", "127.0.0.2")) {
            await().until(() -> roles(one).equals("leader voter"));
            CommandResult status = one.cli("status").ok();
            assertTrue(status.out().contains("--witness"), status.out());
            try (NodeProcess witness = NodeProcess.join(two, dir.resolve("witness"), "wt-1", "127.0.0.3",
                    Map.of("HALITE_WITNESS", "true"))) {
                await().until(() -> roles(one).equals("leader voter witness"));
                assertTrue(one.cli("node", "ls").ok().out().contains("witness"));
                assertFalse(one.cli("status").ok().out().contains("--witness"));
                one.cliWithInput(site(port, "first"), "apply", "-f", "-", "--wait").ok();
                assertEquals("first", body("127.0.0.2", port));
                // It opens no listener, and is neither ready nor degraded.
                assertFalse(NodeProcess.curl("http://127.0.0.3:" + port + "/").exitCode() == 0);
                assertEquals("503", NodeProcess.curl("-k", "-o", "/dev/null", "-w", "%{http_code}",
                        witness.url() + "/readyz").out());
                CommandResult refused = one.cli("node", "lead", "wt-1");
                assertEquals(1, refused.exitCode(), refused.toString());
                assertTrue(refused.err().contains("a witness leads only when nobody else can"), refused.err());

                one.kill();
                await().until(() ->
                        two.cliWithInput(site(port, "second"), "apply", "-f", "-").exitCode() == 0);
                await().until(() -> body("127.0.0.2", port).equals("second"));
                assertEquals("lb-2", witness.status().text("leader"));
                witness.kill();
                witness.restart();
                await().until(() ->
                        two.cliWithInput(site(port, "third"), "apply", "-f", "-").exitCode() == 0);
                assertTrue(roles(two).contains("witness"), roles(two));
            }
        }
    }

    private static String roles(NodeProcess node) {
        return String.join(" ", node.status().items("nodes").stream().map(n -> n.text("role")).sorted().toList());
    }

    private static String body(String address, int port) {
        return NodeProcess.curl("http://" + address + ":" + port + "/").out();
    }

    private static String site(int port, String text) {
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { respond: { status: 200, body: "%s", contentType: text/plain } } ]
                """.formatted(port, text);
    }
}
