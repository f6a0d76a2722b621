package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.config.Ticker;
import io.halite.config.shape.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/**
 * The options of verbs that can wait until an admin state has taken its effect. Of a target: every node works by it and,
 * unless it is ready, has nothing under way there. Of a node: every node knows it and, unless it is ready, others run its
 * checks. While the node that is asked cannot answer, or nobody leads, it waits on.
 */
final class SettledOptions {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int TOLD_AT_MOST = 10;

    @Option(names = "--wait", description = "Wait until it has taken its effect: every node works by it and, unless it is "
            + "ready, no node has anything under way at the target; of a node, until others run its checks. "
            + "Exit code 9 if that takes too long.")
    private boolean asked;

    @Option(names = "--deadline", paramLabel = "DURATION", defaultValue = "10m",
            description = "How long to wait (default ${DEFAULT-VALUE}).")
    private String deadline = "10m";

    private final Ticker ticker = Ticker.SYSTEM;

    /**
     * What is to take effect.
     *
     * @param state the admin state
     * @param mark the count by which a node works by it: of admin state changes, or of the Raft log for a node
     */
    record Change(Subject subject, String state, long mark) {
        boolean isReady() {
            return state.equals("ready");
        }

        /** What is so once nothing is missing. */
        String proven() {
            return switch (subject) {
                case Subject.OneTarget _ -> "every node works by it" + (isReady() ? "" : " and has nothing under way there");
                case Subject.OneNode _ -> "every node knows it" + (isReady() ? "" : ", and others run its checks");
            };
        }
    }

    boolean isAsked() {
        return asked;
    }

    /** When to give up, by the ticker. */
    long end() {
        return ticker.nanos() + limit().toNanos();
    }

    private Duration limit() {
        Duration limit = Units.duration(deadline);
        if (limit == null) {
            throw new CommandFailure(ExitCode.USAGE, "--deadline '" + deadline + "' is no duration", "such as 30s or 10m");
        }
        return limit;
    }

    /** Asks until there is an answer, if it is to wait: a leader may be about to be elected. */
    Fields persist(Supplier<Fields> request, long end) {
        while (true) {
            try {
                return request.get();
            } catch (CommandFailure failure) {
                if (!asked || failure.exitCode() != ExitCode.UNREACHABLE || ticker.nanos() - end >= 0) {
                    throw failure;
                }
                pause();
            }
        }
    }

    /** Returns once all of it has taken effect, else fails at the deadline with everything that is still missing. */
    void await(AdminClient client, List<Change> changes, long end) {
        while (true) {
            List<String> missing = missing(client, changes);
            if (missing.isEmpty()) {
                return;
            }
            if (ticker.nanos() - end >= 0) {
                int more = missing.size() - TOLD_AT_MOST;
                throw new CommandFailure(ExitCode.TIMED_OUT, "not within " + Units.text(limit()) + ": "
                        + String.join("; ", missing.subList(0, Math.min(TOLD_AT_MOST, missing.size())))
                        + (more > 0 ? "; and " + more + " more" : ""),
                        "the admin state stays; wait again with the same command, or take it back");
            }
            pause();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(POLL_NANOS);
        if (Thread.currentThread().isInterrupted()) {
            throw new CommandFailure(ExitCode.FAILED, "interrupted", "");
        }
    }

    /** What has not taken effect yet, a sentence each. */
    private static List<String> missing(AdminClient client, List<Change> changes) {
        List<String> missing = new ArrayList<>();
        try {
            List<Fields> nodes = client.get("/nodes").fields().list("nodes");
            for (Change change : changes) {
                missing.addAll(switch (change.subject()) {
                    case Subject.OneTarget(TargetName name) -> missing(client, change, name, nodes);
                    case Subject.OneNode(String name) -> missing(client, change, name, nodes);
                });
            }
        } catch (CommandFailure failure) {
            if (failure.exitCode() != ExitCode.UNREACHABLE) {
                throw failure;
            }
            missing.add(String.valueOf(failure.getMessage()));
        }
        return missing;
    }

    private static List<String> missing(AdminClient client, Change change, TargetName name, List<Fields> nodes) {
        Fields target = client.get(name.path()).fields();
        if (!target.text("adminState").equals(change.state())) {
            throw new CommandFailure(ExitCode.FAILED, "someone else has set " + name + " to "
                    + target.text("adminState"), "'halite describe target " + name + "' tells who");
        }
        List<String> missing = new ArrayList<>();
        for (Fields node : change.isReady() ? nodes : target.list("sessions")) {
            String who = "node " + (change.isReady() ? node.text("name") : node.text("node")) + standing(node);
            if (number(node, "activeAdminVersion") < change.mark()) {
                missing.add(who + " does not work by it yet");
            } else if (!change.isReady() && !node.isTrue("known")) {
                missing.add(who + " does not tell what it has under way at " + name);
            } else if (!change.isReady() && (!node.isTrue("idle") || node.text("state").equals("unreachable"))) {
                String count = node.text("inFlight");
                missing.add(name + (count.equals("0") ? " has only just become idle, or may not be, on "
                        : " has " + count + " requests or connections under way on ") + who);
            }
        }
        return missing;
    }

    private static List<String> missing(AdminClient client, Change change, String name, List<Fields> nodes) {
        List<String> missing = new ArrayList<>();
        for (Fields node : nodes) {
            if (number(node, "appliedIndex") < change.mark()) {
                missing.add("node " + node.text("name") + standing(node) + " does not know it yet");
            }
        }
        boolean probes = !change.isReady() && client.get("/assignments").fields().list("assignments").stream()
                .anyMatch(share -> share.text("node").equals(name));
        if (probes && nodes.size() > 1) {
            missing.add("node " + name + " still runs checks");
        }
        return missing;
    }

    /** The state of a node where it explains something. */
    private static String standing(Fields node) {
        return node.text("state").equals("alive") ? "" : " (" + node.text("state") + ")";
    }

    private static long number(Fields fields, String key) {
        String text = fields.text(key);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
