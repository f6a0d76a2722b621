package io.halite.appliance.cli.print;

import io.halite.appliance.cli.client.EventStream.Event;
import io.halite.appliance.cli.client.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Events of a cluster in sentences; of what is told again as a whole, only what is new. Used by one thread. */
public final class EventText {
    private final Map<String, String> known = new HashMap<>();

    /** What an event says, a sentence each; none when that is known. */
    public List<String> sentences(Event event) {
        List<String> sentences = new ArrayList<>();
        switch (event.topic()) {
            case "revision" -> sentences.add(revision(event.data()));
            case "health" -> event.data().list("targets").forEach(target -> sentences.add(health(target)));
            case "event" -> addEvent(event.data(), sentences);
            case "stats" -> sentences.add(traffic(event.data()));
            default -> { }
        }
        return sentences;
    }

    /** The objects that an event is about, as other verbs name them. */
    public static List<String> names(Event event) {
        Fields data = event.data();
        return switch (event.topic()) {
            case "revision" -> List.of("revisions/" + data.text("revision"));
            case "health", "stats" ->
                data.list("targets").stream().map(target -> "targets/" + target.text("target")).toList();
            case "event" -> data.text("kind").equals("nodes")
                    ? data.list("nodes").stream().map(node -> "nodes/" + node.text("name")).toList()
                    : data.text("target").isEmpty() ? List.of() : List.of("targets/" + data.text("target"));
            default -> List.of();
        };
    }

    private static String revision(Fields data) {
        List<String> changed = data.texts("changed");
        return "revision " + data.text("revision")
                + (data.text("author").isEmpty() ? "" : " by " + data.text("author"))
                + (data.text("reason").isEmpty() ? "" : ": " + data.text("reason"))
                + (changed.isEmpty() ? "" : " (" + String.join(", ", changed) + ")");
    }

    private static String health(Fields target) {
        String why = target.text("message").isEmpty() ? target.text("reason") : target.text("message");
        return "target " + target.text("target") + " is " + target.text("health")
                + (why.isEmpty() ? "" : ": " + (why.endsWith(".") ? why.substring(0, why.length() - 1) : why))
                + (target.text("prober").isEmpty() ? "" : " (probed by " + target.text("prober") + ")");
    }

    private void addEvent(Fields data, List<String> sentences) {
        switch (data.text("kind")) {
            case "leader" -> sentences.add((data.text("leader").isEmpty() ? "no leader"
                    : "leader " + data.text("leader")) + ", term " + data.text("term")
                    + (data.isTrue("quorum") ? "" : ", NO QUORUM"));
            case "degraded" -> addDegraded(data, sentences);
            case "nodes" -> addNodes(data, sentences);
            case "adminState" -> sentences.add("target " + data.text("target") + " is set to " + data.text("adminState")
                    + (data.text("author").isEmpty() ? "" : " by " + data.text("author"))
                    + (data.text("reason").isEmpty() ? "" : ": " + data.text("reason")));
            default -> sentences.add(data.text("kind"));
        }
    }

    private void addDegraded(Fields data, List<String> sentences) {
        List<String> troubles = data.texts("degraded");
        troubles.forEach(trouble -> sentences.add("! " + trouble));
        String before = known.put("degraded", String.join("\n", troubles));
        if (troubles.isEmpty() && before != null && !before.isEmpty()) {
            sentences.add("node " + data.text("node") + " is no longer degraded");
        }
    }

    private void addNodes(Fields data, List<String> sentences) {
        List<String> names = new ArrayList<>();
        for (Fields node : data.list("nodes")) {
            String name = "node " + node.text("name");
            names.add(name);
            String failures = node.text("failures");
            String sentence = name + " (" + node.text("role") + ") is " + node.text("state") + " at revision "
                    + node.text("activeRevision") + (failures.equals("0") || failures.isEmpty() ? ""
                    : ", " + failures + " of its objects failed");
            if (!sentence.equals(known.put(name, sentence))) {
                sentences.add(sentence);
            }
        }
        for (String name : List.copyOf(known.keySet())) {
            if (name.startsWith("node ") && !names.contains(name)) {
                known.remove(name);
                sentences.add(name + " is no member any more");
            }
        }
    }

    private static String traffic(Fields data) {
        return "node " + data.text("node") + ": " + data.text("requests") + " requests, " + data.text("errors")
                + " errors so far, " + data.text("connections") + " connections";
    }
}
