package io.halite.appliance.cli.print;

import io.halite.appliance.cli.client.Fields;
import java.util.List;
import java.util.stream.Collectors;

/** Everything about one target, for people: what was decided, what is seen of it, by whom, and how that came. Stateless. */
public final class TargetText {
    private static final int LABEL = 14;

    private TargetText() {}

    /**
     * All of it.
     *
     * @param target what the API tells of the target
     * @param shares the shares of the assignments that hold it
     */
    public static String of(Fields target, List<Fields> shares) {
        StringBuilder text = new StringBuilder("target ").append(target.text("pool")).append('/')
                .append(target.text("name")).append('\n');
        line(text, "address", target.text("address"));
        line(text, "weight", target.text("weight"));
        line(text, "admin state", adminState(target));
        line(text, "health", target.text("health") + since(target.text("since")));
        line(text, "reason", target.text("reason"));
        line(text, "", target.text("message"));
        line(text, "check", check(target.object("check")));
        line(text, "probed by", shares.isEmpty() ? target.text("prober") : shares.stream()
                .map(share -> share.text("node") + " (lease until " + Times.local(share.text("leaseUntil")) + ")")
                .collect(Collectors.joining(", ")));
        line(text, "in flight", target.text("inFlight") + " on the node that answers");
        line(text, "balancing", balancing(target.object("balancing")));
        sessions(text, target.list("sessions"));
        transitions(text, target.list("transitions"));
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String value) {
        if (!value.isEmpty()) {
            text.append("  ").append(label).repeat(' ', LABEL - label.length()).append(value).append('\n');
        }
    }

    private static String since(String moment) {
        return moment.isEmpty() ? "" : " since " + Times.local(moment);
    }

    /** What people decided about a target or a node, who, when and why. */
    static String adminState(Fields object) {
        String author = object.text("adminAuthor");
        String reason = object.text("adminReason");
        return object.text("adminState") + (author.isEmpty() ? "" : ", set by " + author
                + " at " + Times.local(object.text("adminSince"))) + (reason.isEmpty() ? "" : ": " + reason);
    }

    private static String check(Fields check) {
        String kind = check.text("kind");
        String probe = check.text("probe");
        return kind.isEmpty() || kind.equals("none") ? kind : kind + (probe.isEmpty() ? "" : " (" + probe + ")")
                + ", every " + check.text("interval") + ", at most " + check.text("timeout") + "; unhealthy after "
                + check.text("fall") + " failures in a row, healthy after " + check.text("rise") + " successes";
    }

    private static String balancing(Fields here) {
        if (here.text("node").isEmpty()) {
            return "";
        }
        String standing = here.isTrue("ejected") ? "ejected for another " + here.text("ejectedFor")
                : here.text("standing") + (here.isTrue("candidate") ? "" : ", takes no new requests");
        String warmth = here.text("warmth");
        return standing + (warmth.equals("100%") ? "" : ", at " + warmth + " of its weight") + " on " + here.text("node");
    }

    private static void sessions(StringBuilder text, List<Fields> sessions) {
        if (!sessions.isEmpty()) {
            Table table = new Table("NODE", "STATE", "ADMIN VERSION", "UNDER WAY");
            sessions.forEach(one -> table.row(one.text("node"), one.text("state"), one.text("activeAdminVersion"),
                    one.isTrue("idle") ? "idle" : one.isTrue("known") ? one.text("inFlight") : "not told"));
            text.append('\n').append(table);
        }
    }

    private static void transitions(StringBuilder text, List<Fields> transitions) {
        if (!transitions.isEmpty()) {
            Table table = new Table("TIME", "FROM", "TO", "SEEN FROM", "TOOK", "REASON", "MESSAGE");
            transitions.forEach(one -> table.row(Times.local(one.text("time")), one.text("from"), one.text("to"),
                    one.text("prober"), one.text("took"), one.text("reason"), one.text("message")));
            text.append('\n').append(table);
        }
    }
}
