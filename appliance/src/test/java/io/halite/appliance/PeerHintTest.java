package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.appliance.cli.CommandLines;
import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Json;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.config.HostPort;
import io.halite.config.Ticker;
import io.halite.config.membership.JoinToken;
import io.halite.config.peer.ClusterAuthority;
import io.halite.proxy.accesslog.LogDestination;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose addresses have both changed while they were off find each other by the hint of {@code --join}. */
class PeerHintTest {
    @TempDir
    Path dir;

    private static NodeSettings settings(Path data, String address, NodeSettings.Ports ports,
            NodeSettings.@Nullable Join join) {
        InetAddress local = InetAddress.ofLiteral(address);
        return new NodeSettings(data, data.getFileName().toString(), local, local, ports, NodeSettings.Place.ANYWHERE,
                new LogDestination.None(), null, join, false, false, NodeSettings.Engines.BEST);
    }

    private static Appliance start(NodeSettings settings) throws Exception {
        return Appliance.start(settings, Optional.empty(), Ticker.SYSTEM, InstantSource.system());
    }

    private static CommandResult cli(Path data, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        int code = CommandLines.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new CommandResult(code, out.toString(), err.toString());
    }

    private static void awaitTwoVoters(Path data) {
        await().until(() -> cli(data, "status").exitCode() == 0
                && Json.of(cli(data, "node", "ls", "-o", "json").out()).items("nodes").stream().filter(node ->
                        node.text("state").equals("alive") && !node.text("role").equals("learner")).count() == 2);
    }

    @Test
    void allAddressesMayChangeAtOnce() throws Exception {
        Path first = dir.resolve("lb-1");
        Path second = dir.resolve("lb-2");
        NodeSettings.Ports ports = new NodeSettings.Ports(0, NodeProcess.freePort(), NodeProcess.freePort());
        JoinToken token;
        try (Appliance one = start(settings(first, "127.0.0.1", ports, null))) {
            token = JoinToken.parse(cli(first, "token", "create").ok().out().lines().reduce((a, b) -> b).orElseThrow());
            NodeSettings.Join join = new NodeSettings.Join(one.url().substring("https://".length()), token);
            try (Appliance two = start(settings(second, "127.0.0.2", ports, join))) {
                awaitTwoVoters(first);
                assertEquals(ports.cluster(), two.clusterPort());
            }
        }
        try (Appliance one = start(settings(first, "127.0.0.4", ports, null));
                Appliance two = start(settings(second, "127.0.0.5", ports,
                        new NodeSettings.Join("127.0.0.4:8443", token)))) {
            awaitTwoVoters(first);
            awaitTwoVoters(second);
            assertEquals(one.clusterPort(), two.clusterPort());
        }
    }

    @Test
    void theHintComesAfterWhatIsKnown() {
        NodeSettings.Ports ports = new NodeSettings.Ports(8443, 7100, 53);
        JoinToken token = JoinToken.create(ClusterAuthority.create("c-1", Instant.now()).certificate());
        PeerHint hint = new PeerHint(settings(dir, "127.0.0.1", ports, new NodeSettings.Join("[2001:db8::1]:8443", token)));
        HostPort known = new HostPort("10.0.0.1", 7200);
        assertEquals(List.of(known, new HostPort("2001:db8::1", 7200)), hint.of("n-1", List.of(known)));
        assertEquals(List.of(new HostPort("2001:db8::1", 7100)), hint.of("n-1", List.of()));
        PeerHint none = new PeerHint(settings(dir, "127.0.0.1", ports, null));
        assertEquals(List.of(known), none.of("n-1", List.of(known)));
    }
}
