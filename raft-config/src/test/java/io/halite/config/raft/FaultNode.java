package io.halite.config.raft;

import io.halite.config.ClusterConfig;
import io.halite.config.HostPort;
import io.halite.config.Revision;
import io.halite.config.store.ConfigState;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.ProposalResult.Committed;
import io.halite.config.store.ProposalResult.Refused;
import io.halite.config.store.ProposalResult.Stale;
import io.halite.config.store.ProposalResult.Unavailable;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A member in a process of its own, to be tormented: it takes one command a line, {@code ID VERB …}, and answers each by
 * {@code ID OUTCOME …} when it knows. Arguments: data directory, address, port,
 * {@code NODE=ADDRESS:PORT,…} where others are dialled, and the election timeout in milliseconds.
 */
final class FaultNode {
    /** A record that is not the product's. */
    private static final String RECORD = "test/register";
    private static final Duration READ_LIMIT = Duration.ofSeconds(2);

    private FaultNode() {}

    /** Leaders change fast, nobody waits long, and snapshots are taken and installed all the time. */
    private static RaftSettings settings(Duration electionTimeout) {
        return new RaftSettings(electionTimeout, Duration.ofSeconds(3), Duration.ofSeconds(3), 20, 1 << 20);
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, HostPort> ways = new HashMap<>();
        for (String way : arguments[3].split(",", -1)) {
            String[] parts = way.split("[=:]", 3);
            ways.put(parts[0], new HostPort(parts[1], Integer.parseInt(parts[2])));
        }
        InetSocketAddress place = new InetSocketAddress(InetAddress.ofLiteral(arguments[1]), Integer.parseInt(arguments[2]));
        ClusterNode node = ClusterNode.open(Path.of(arguments[0]), place,
                (nodeId, places) -> List.of(way(ways, nodeId)),
                settings(Duration.ofMillis(Long.parseLong(arguments[4]))));
        say("0 up");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            if (words[1].equals("stop")) {
                break;
            }
            Thread.ofVirtual().start(() -> say(words[0] + " " + outcome(node, words)));
        }
        node.close();
        System.exit(0);
    }

    private static HostPort way(Map<String, HostPort> ways, String nodeId) {
        return Objects.requireNonNull(ways.get(nodeId), nodeId);
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line) {
        synchronized (FaultNode.class) {
            System.out.println(line);
        }
    }

    private static String outcome(ClusterNode node, String[] words) {
        return switch (words[1]) {
            case "change" -> outcome(node.replace(Long.parseLong(words[2]),
                    TestConfigs.numbered(Integer.parseInt(words[3]))));
            case "put" -> outcome(node.store.propose(
                    new Proposal.PutSystem(RECORD, words[2], false, TestConfigs.origin())));
            case "read" -> read(node);
            case "lead" -> String.valueOf(node.membership.lead(words[2], "tester", "nemesis"));
            case "leader" -> "ok " + node.store.leadership().leader() + " " + node.store.leadership().term();
            case "dump" -> dump(node);
            default -> "unknown verb";
        };
    }

    private static String outcome(ProposalResult result) {
        return switch (result) {
            case Committed(Revision revision, boolean changed) -> "ok " + revision + " " + changed;
            case Stale(Revision current) -> "stale " + current;
            case Unavailable unavailable -> unavailable.outcomeKnown() ? "no" : "unknown";
            case Refused refused -> "refused " + refused.message();
        };
    }

    private static String read(ClusterNode node) {
        if (!node.store.awaitCaughtUp(READ_LIMIT)) {
            return "no";
        }
        ConfigState state = node.store.current();
        return "ok " + state.revision() + " " + number(state.config()) + " " + node.store.system(RECORD).orElse("-1");
    }

    private static int number(ClusterConfig config) {
        return config.pools().isEmpty() ? -1 : TestConfigs.number(config);
    }

    private static String dump(ClusterNode node) {
        long last = node.store.current().revision().number();
        StringBuilder text = new StringBuilder("ok");
        for (long revision = 1; revision <= last; revision++) {
            text.append(' ').append(revision).append(':')
                    .append(number(node.store.at(new Revision(revision)).orElseThrow()));
        }
        return text.toString();
    }
}
