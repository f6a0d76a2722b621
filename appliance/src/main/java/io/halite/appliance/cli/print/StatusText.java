package io.halite.appliance.cli.print;

import io.halite.appliance.cli.client.Fields;
import java.util.ArrayList;
import java.util.List;

/** What {@code /status} answers, for people. Stateless. */
public final class StatusText {
    private StatusText() {}

    /** All of it. */
    public static String of(Fields status, boolean stale) {
        StringBuilder text = new StringBuilder();
        Fields cluster = status.object("cluster");
        String leader = status.text("leader");
        text.append("cluster ").append(cluster.text("name")).append(", revision ").append(status.text("revision"))
                .append(leader.isEmpty() ? ", no leader" : ", leader " + leader).append(", term ")
                .append(status.text("term")).append(cluster.isTrue("quorum") ? "" : ", NO QUORUM").append('\n');
        if (stale) {
            text.append("  ! without a quorum: this is what the node knew last\n");
        }
        for (String sentence : status.texts("degraded")) {
            text.append("  ! ").append(sentence).append('\n');
        }
        for (String sentence : status.texts("advice")) {
            text.append("  hint: ").append(sentence).append('\n');
        }
        text.append('\n').append(nodes(status.list("nodes")));
        if (!status.list("pools").isEmpty()) {
            text.append('\n').append(targets(status.list("pools")));
        }
        return text.toString();
    }

    /** The nodes, one line each. */
    public static Table nodes(List<Fields> nodes) {
        Table table = new Table("NODE", "ROLE", "STATE", "ADDRESS", "REVISION", "FAILURES", "ADMIN STATE");
        for (Fields node : nodes) {
            int failures = node.list("failures").size();
            List<String> addresses = new ArrayList<>(List.of(node.text("address")));
            addresses.addAll(node.texts("dnsAddresses"));
            table.row(node.text("name"), node.text("role"), node.text("state"), String.join(" ", addresses),
                    node.text("activeRevision"), failures == 0 ? "" : Integer.toString(failures),
                    node.text("adminAuthor").isEmpty() ? node.text("adminState") : TargetText.adminState(node));
        }
        return table;
    }

    /** Who probes what, one line for each target of each node. */
    public static String assignments(Fields all, List<Fields> shares) {
        Table table = new Table("NODE", "TARGET", "LEASE UNTIL");
        for (Fields share : shares) {
            share.texts("targets").forEach(
                    target -> table.row(share.text("node"), target, Times.local(share.text("leaseUntil"))));
        }
        return "term " + all.text("term") + ", epoch " + all.text("epoch") + "\n" + table;
    }

    /** The targets of pools, one line each. */
    public static Table targets(List<Fields> pools) {
        Table table = new Table("TARGET", "ADDRESS", "WEIGHT", "STATE", "HEALTH", "PROBER", "SINCE", "REASON");
        for (Fields pool : pools) {
            for (Fields target : pool.list("targets")) {
                String reason = target.text("reason");
                String message = target.text("message");
                table.row(pool.text("name") + "/" + target.text("name"), target.text("address"), target.text("weight"),
                        target.text("adminState"), target.text("health"), target.text("prober"),
                        Times.local(target.text("since")),
                        message.isEmpty() || target.text("health").equals("healthy") ? reason : reason + ": " + message);
            }
        }
        return table;
    }
}
