package io.halite.appliance.cli;

import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells which nodes work by a revision, which do not yet, and what each could not put to work. Stateless. */
final class AppliedBy {
    private AppliedBy() {}

    static ExitCode tell(Fields answer, WaitOptions waiting, PrintWriter out, PrintWriter err) {
        String revision = answer.text("revision");
        List<String> active = answer.texts("activeOn");
        List<String> pending = answer.texts("pendingOn");
        out.println("revision " + revision + " is active on " + active.size() + " of " + (active.size() + pending.size())
                + " nodes" + (active.isEmpty() ? "" : ": " + String.join(", ", active)));
        Map<String, List<String>> failures = new LinkedHashMap<>();
        answer.list("failures").forEach(failure -> failures.computeIfAbsent(
                failure.text("object") + " could not be put to work: " + failure.text("message"),
                same -> new ArrayList<>()).add(failure.text("node")));
        failures.forEach((failure, nodes) -> err.println("halite: on node" + (nodes.size() == 1 ? " " : "s ")
                + String.join(", ", nodes) + ": " + failure));
        if (!answer.text("confirmBefore").isEmpty()) {
            out.println("it is undone by itself unless confirmed: halite confirm " + revision);
        }
        if (!pending.isEmpty() && waiting.isAsked()) {
            err.println("halite: the revision is committed, but not yet active on " + String.join(", ", pending));
            err.println("  hint: 'halite node ls' tells how they are; a node that comes back catches up by itself");
            return ExitCode.TIMED_OUT;
        }
        return ExitCode.OK;
    }
}
