package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.config.Ticker;
import io.halite.config.shape.Units;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Option;

/**
 * The options of verbs that can wait until an admin state has taken its effect: every node works by it, and what the
 * targets had under way has ended. Nodes tell each other what they work by, but not what they have under way, so the
 * latter is known of the node that is asked only.
 */
final class SettledOptions {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** A request that read the table before the change may be counted a moment after the change is at work. */
    private static final int IDLE_POLLS = 2;

    @Option(names = "--wait", description = "Wait until every node works by it and, unless it is ready, until the node "
            + "that is asked has nothing under way at the targets (other nodes may); exit code 9 if that takes too long.")
    private boolean asked;

    @Option(names = "--deadline", paramLabel = "DURATION", defaultValue = "10m",
            description = "How long to wait (default ${DEFAULT-VALUE}).")
    private String deadline = "10m";

    private final Ticker ticker = Ticker.SYSTEM;

    /**
     * What is to take effect.
     *
     * @param version the count of admin state changes that holds all of it
     * @param idle whether to wait for the end of what is under way
     */
    record Change(List<Subject> subjects, String state, long version, boolean idle) {}

    boolean isAsked() {
        return asked;
    }

    /** How long to wait at most. */
    Duration limit() {
        Duration limit = Units.duration(deadline);
        if (limit == null) {
            throw new CommandFailure(ExitCode.USAGE, "--deadline '" + deadline + "' is no duration", "such as 30s or 10m");
        }
        return limit;
    }

    /** Returns once it has taken effect, else fails at the deadline with what is still missing. */
    void await(AdminClient client, Change change, Duration limit) {
        long end = ticker.nanos() + limit.toNanos();
        int idle = 0;
        while (true) {
            String missing = missing(client, change);
            idle = missing.isEmpty() ? idle + 1 : 0;
            if (idle == IDLE_POLLS || (idle > 0 && !change.idle())) {
                return;
            }
            if (ticker.nanos() - end >= 0) {
                throw new CommandFailure(ExitCode.TIMED_OUT, "not within " + Units.text(limit) + ": "
                        + (missing.isEmpty() ? "the targets only just became idle" : missing),
                        "the admin state stays; wait again with the same command, or take it back");
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new CommandFailure(ExitCode.FAILED, "interrupted", "");
            }
        }
    }

    /** What has not taken effect yet, as a sentence; empty when all has. */
    private static String missing(AdminClient client, Change change) {
        for (Fields node : client.get("/nodes").fields().list("nodes")) {
            if (number(node, "activeAdminVersion") < change.version()) {
                return "node " + node.text("name") + " (" + node.text("state") + ") does not work by it yet";
            }
        }
        return change.subjects().stream().map(subject -> switch (subject) {
            case Subject.OneTarget(TargetName name) -> missing(client, change, name);
            case Subject.OneNode(String name) -> change.idle() ? missing(client, name) : "";
        }).filter(sentence -> !sentence.isEmpty()).findFirst().orElse("");
    }

    private static String missing(AdminClient client, Change change, TargetName name) {
        Fields target = client.get(name.path()).fields();
        if (!target.text("adminState").equals(change.state())) {
            throw new CommandFailure(ExitCode.FAILED, "someone else has set " + name + " to "
                    + target.text("adminState"), "'halite describe target " + name + "' tells who");
        }
        return change.idle() && number(target, "inFlight") > 0
                ? name + " has " + target.text("inFlight") + " requests or connections under way" : "";
    }

    private static String missing(AdminClient client, String node) {
        boolean probes = client.get("/assignments").fields().list("assignments").stream()
                .anyMatch(share -> share.text("node").equals(node));
        return probes ? "node " + node + " still runs checks" : "";
    }

    private static long number(Fields fields, String key) {
        String text = fields.text(key);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
