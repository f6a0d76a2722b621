package io.halite.appliance.cli.print;

import io.halite.appliance.cli.client.EventStream.Event;
import io.halite.appliance.cli.client.Fields;
import io.halite.config.tree.Tree;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of one node second by second, from what it tells: counts that only grow become rates, beside the health and
 * the standing of the cluster. Used by one thread.
 */
public final class TrafficText {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private final Map<String, String> health = new HashMap<>();
    private final Map<String, Fields> facts = new HashMap<>();
    private String revision = "";
    private @Nullable Fields last;

    /** What passed between two moments; per second, except what is there now. */
    public record Rates(
            String node, String time, double requests, double errors, long connections, double received, double sent,
            List<TargetRates> targets) {}

    /** The part of one target. */
    public record TargetRates(String target, String health, double requests, double errors, long inFlight) {}

    /** Takes an event in; rates come with every second account of the traffic and later ones. */
    public Optional<Rates> take(Event event) {
        switch (event.topic()) {
            case "revision" -> revision = event.data().text("revision");
            case "health" -> event.data().list("targets")
                    .forEach(target -> health.put(target.text("target"), target.text("health")));
            case "event" -> facts.put(event.data().text("kind"), event.data());
            case "stats" -> {
                Fields before = last;
                last = event.data();
                return before == null ? Optional.empty() : rates(before, event.data());
            }
            default -> { }
        }
        return Optional.empty();
    }

    /** None when the node has begun to count anew in between. */
    private Optional<Rates> rates(Fields before, Fields now) {
        double seconds = seconds(before.text("time"), now.text("time"));
        if (seconds <= 0 || number(now, "requests") < number(before, "requests")) {
            return Optional.empty();
        }
        Map<String, Fields> earlier = new HashMap<>();
        before.list("targets").forEach(target -> earlier.put(target.text("target"), target));
        Fields none = new Fields(Tree.mapping().build());
        List<TargetRates> targets = new ArrayList<>();
        for (Fields target : now.list("targets")) {
            String name = target.text("target");
            Fields then = earlier.getOrDefault(name, none);
            targets.add(new TargetRates(name, health.getOrDefault(name, ""), rate(then, target, "requests", seconds),
                    rate(then, target, "errors", seconds), number(target, "inFlight")));
        }
        targets.sort(Comparator.comparingDouble(TargetRates::requests).reversed().thenComparing(TargetRates::target));
        return Optional.of(new Rates(now.text("node"), now.text("time"), rate(before, now, "requests", seconds),
                rate(before, now, "errors", seconds), number(now, "connections"),
                rate(before, now, "bytesReceived", seconds), rate(before, now, "bytesSent", seconds), targets));
    }

    private static double seconds(String from, String to) {
        try {
            return Duration.between(Instant.parse(from), Instant.parse(to)).toNanos() / 1e9;
        } catch (DateTimeException e) {
            return 0;
        }
    }

    private static double rate(Fields before, Fields now, String key, double seconds) {
        return Math.max(0, number(now, key) - number(before, key)) / seconds;
    }

    private static long number(Fields fields, String key) {
        String text = fields.text(key);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * All of it for people.
     *
     * @param rows the most targets that are shown, the busiest first
     */
    public String screen(Rates rates, int rows) {
        StringBuilder text = new StringBuilder("node ").append(rates.node).append(", ").append(Times.local(rates.time))
                .append(", revision ").append(revision);
        Fields leader = facts.get("leader");
        if (leader != null) {
            text.append(leader.text("leader").isEmpty() ? ", no leader" : ", leader " + leader.text("leader"))
                    .append(leader.isTrue("quorum") ? "" : ", NO QUORUM");
        }
        text.append('\n');
        Fields degraded = facts.get("degraded");
        if (degraded != null) {
            degraded.texts("degraded").forEach(trouble -> text.append("  ! ").append(trouble).append('\n'));
        }
        text.append("requests/s ").append(count(rates.requests)).append("   errors/s ").append(count(rates.errors))
                .append("   connections ").append(rates.connections).append("   in ").append(bytes(rates.received))
                .append("/s   out ").append(bytes(rates.sent)).append("/s\n");
        if (!rates.targets.isEmpty()) {
            Table table = new Table("TARGET", "HEALTH", "REQUESTS/S", "ERRORS/S", "IN FLIGHT");
            rates.targets.stream().limit(rows).forEach(target -> table.row(target.target, target.health,
                    count(target.requests), count(target.errors), Long.toString(target.inFlight)));
            text.append('\n').append(table);
            if (rates.targets.size() > rows) {
                text.append("and ").append(rates.targets.size() - rows).append(" more targets, with less\n");
            }
        }
        return text.toString();
    }

    /** Rates below ten with one digit behind the point. */
    private static String count(double perSecond) {
        return String.format(Locale.ROOT, perSecond > 0 && perSecond < 10 ? "%.1f" : "%,.0f", perSecond);
    }

    private static String bytes(double count) {
        double left = count;
        int unit = 0;
        while (left >= 1024 && unit < UNITS.length - 1) {
            left /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && left < 10 ? "%.1f %s" : "%.0f %s", left, UNITS[unit]);
    }

    /** The same for programs. */
    public static Tree tree(Rates rates) {
        List<Tree> targets = new ArrayList<>();
        rates.targets.forEach(target -> targets.add(Tree.mapping().put("target", target.target)
                .put("health", target.health).put("requestsPerSecond", rounded(target.requests))
                .put("errorsPerSecond", rounded(target.errors)).put("inFlight", target.inFlight).build()));
        return Tree.mapping().put("node", rates.node).put("time", rates.time)
                .put("requestsPerSecond", rounded(rates.requests)).put("errorsPerSecond", rounded(rates.errors))
                .put("connections", rates.connections).put("receivedPerSecond", rounded(rates.received))
                .put("sentPerSecond", rounded(rates.sent)).put("targets", Tree.list(targets)).build();
    }

    private static Tree rounded(double rate) {
        BigDecimal number = BigDecimal.valueOf(rate).setScale(1, RoundingMode.HALF_UP);
        return new Tree.Num(number, number.toPlainString(), 0);
    }
}
