package io.halite.appliance.scenario.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Namespace;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.config.Ticker;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.SystemKeys;
import io.halite.config.peer.AddressBook;
import io.halite.config.peer.PeerGate;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerSettings;
import io.halite.config.raft.RaftConfigStore;
import io.halite.config.raft.RaftSettings;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that must not join are told why, and so is the log of the member that they asked. */
@Tag("stories")
class JoinRefusalsIT {
    @TempDir
    Path dir;

    @Test
    void aTokenThatDoesNotHoldAndANameThatIsTakenAreToldOnBothSides() throws Exception {
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"))) {
            CommandResult strange = NodeProcess.curl("-k", "-X", "POST", "-H", "Content-Type: application/json", "-d",
                    "{\"format\":2}", one.url() + "/api/v1/join");
            assertTrue(strange.out().contains("of format 2, this version knows format 1"), strange.toString());
            assertTrue(one.log().contains("code=JOIN_MALFORMED"), one.log());
            String expired = token(one, "--ttl", "1s");
            refused(joining(one, token(one), "lb-1"), one, 1, "NAME_TAKEN", "a member is already called lb-1");
            await().atMost(Duration.ofMinutes(2)).until(() -> joining(one, expired, "lb-2").err().contains("expired"));
            refused(joining(one, expired, "lb-2"), one, 6, "TOKEN_EXPIRED", "expired at");
            String once = token(one);
            try (NodeProcess two = NodeProcess.startAs(
                    "lb-2", "127.0.0.2", dir.resolve("two"), "--join", peer(one), "--token", once)) {
                // Whichever member is asked: it passes the question on.
                refused(joining(two, once, "lb-3"), two, 6, "TOKEN_USED_UP", "as many nodes as it may");
            }
            String cut = once.substring(0, once.length() - 1);
            CommandResult copied = joining(one, cut, "lb-3");
            assertEquals(2, copied.exitCode(), copied.toString());
            assertTrue(copied.err().contains("copy it again"), copied.err());
        }
    }

    @Test
    void aClockThatIsWrongIsToldOnBothSides() throws Exception {
        Namespace.need("faketime", "faketime");
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"))) {
            for (String shift : List.of("+2h", "-400d")) {
                List<String> command = new ArrayList<>(List.of("faketime", "-f", shift));
                command.addAll(join(one, token(one), "lb-2"));
                refused(CommandResult.run(command, "", Map.of("FAKETIME_DONT_FAKE_MONOTONIC", "1")), one, 1, "CLOCK_SKEW",
                        "the clocks differ by");
            }
        }
    }

    @Test
    void aNodeTooOldForTheClusterIsToldOnBothSides() throws Exception {
        try (NodeProcess one = NodeProcess.start(dir.resolve("one"))) {
            one.terminate();
            raiseFeatureLevel(one.data());
            one.restart();
            refused(joining(one, token(one), "lb-2"), one, 1, "VERSION_TOO_OLD", "the cluster is at 2");
        }
    }

    /** As a cluster has it whose nodes were all updated to the next version. */
    private static void raiseFeatureLevel(Path data) throws Exception {
        try (DataDirectory directory = DataDirectory.open(data)) {
            LocalMember member = LocalMember.load(directory);
            try (PeerNetwork network = PeerNetwork.open(
                            PeerSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                            member.identity().clusterId(), member.identity().generation(), member.certificate(),
                            new AddressBook(), PeerGate.OPEN, Ticker.SYSTEM);
                    RaftConfigStore store =
                            RaftConfigStore.open(member, network, false, RaftSettings.DEFAULT, Ticker.SYSTEM)) {
                await().atMost(Duration.ofMinutes(2)).until(() -> store.propose(new Proposal.PutSystem(
                        SystemKeys.FEATURE_LEVEL, "2", false, new Origin("tester", "an update", Instant.now(), "update")))
                        instanceof ProposalResult.Committed);
            }
        }
    }

    private static void refused(CommandResult joiner, NodeProcess member, int exitCode, String code, String words)
            throws IOException {
        assertEquals(exitCode, joiner.exitCode(), joiner.toString());
        assertTrue(joiner.err().contains(words), joiner.err());
        assertTrue(joiner.err().contains("hint: "), joiner.err());
        String log = member.log();
        assertTrue(log.lines().anyMatch(line -> line.contains("join refused") && line.contains("code=" + code)
                && line.contains(words)), log);
    }

    private static String token(NodeProcess member, String... options) {
        List<String> all = new ArrayList<>(List.of("token", "create"));
        all.addAll(List.of(options));
        return member.cli(all.toArray(String[]::new)).ok().out().lines().reduce((first, last) -> last).orElseThrow();
    }

    private static String peer(NodeProcess member) throws IOException {
        return member.url().substring("https://".length());
    }

    private List<String> join(NodeProcess member, String token, String name) throws IOException {
        return List.of(NodeProcess.launcher(), "run", "--data", dir.resolve("joiner").toString(), "--name", name, "--bind",
                "127.0.0.3", "--admin-port", "0", "--cluster-port", "0", "--join", peer(member), "--token", token);
    }

    private CommandResult joining(NodeProcess member, String token, String name) throws IOException {
        return CommandResult.run(join(member, token, name), "", Map.of());
    }
}
