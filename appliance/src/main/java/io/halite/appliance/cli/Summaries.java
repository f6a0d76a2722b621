package io.halite.appliance.cli;

import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Table;
import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objects of a config document, one line each. Stateless. */
final class Summaries {
    private Summaries() {}

    /**
     * A table of all objects of a kind.
     *
     * @param status what is observed of pools; empty for other kinds
     */
    static Table table(Kind kind, Map<String, Tree> objects, Fields status) {
        return switch (kind) {
            case LOAD_BALANCERS -> loadBalancers(objects);
            case POOLS -> pools(objects, status);
            case CERTIFICATES -> simple(objects, "NAMES", "names");
            case ZONES -> simple(objects, "NAMESERVERS", "nameservers");
            case VIRTUAL_ADDRESSES -> simple(objects, "ADDRESS", "address");
            case AUTOSCALING -> simple(objects, "METRIC", "metric");
            case TARGETS, NODES, REVISIONS, ASSIGNMENTS -> throw new IllegalArgumentException("not in a document: " + kind);
        };
    }

    private static Table loadBalancers(Map<String, Tree> objects) {
        Table table = new Table("NAME", "LISTENERS", "ROUTES", "DOMAIN");
        objects.forEach((name, tree) -> {
            Fields fields = fields(tree);
            List<String> listeners = fields.list("listeners").stream()
                    .map(l -> l.text("protocol") + "://" + l.text("address")).toList();
            int routes = fields.tree().get("routes") instanceof Tree.Sequence list ? list.items().size() : 0;
            table.row(name, String.join(" ", listeners), Integer.toString(routes), fields.text("domain"));
        });
        return table;
    }

    private static Table pools(Map<String, Tree> objects, Fields status) {
        Table table = new Table("NAME", "ALGORITHM", "TARGETS", "HEALTHY");
        objects.forEach((name, tree) -> {
            Fields fields = fields(tree);
            int targets = fields.tree().get("targets") instanceof Tree.Sequence list ? list.items().size() : 0;
            table.row(name, flat(fields.tree().get("algorithm"), "roundRobin"), Integer.toString(targets),
                    healthy(name, status));
        });
        return table;
    }

    private static String healthy(String pool, Fields status) {
        return status.list("pools").stream().filter(p -> p.text("name").equals(pool)).findAny()
                .map(p -> Long.toString(p.list("targets").stream()
                        .filter(t -> t.text("health").equals("healthy")).count())).orElse("");
    }

    private static Table simple(Map<String, Tree> objects, String header, String key) {
        Table table = new Table("NAME", header);
        objects.forEach((name, tree) -> table.row(name, flat(fields(tree).tree().get(key), "")));
        return table;
    }

    /** A value on one line: {@code hash: path} for an object, {@code a b} for an array. */
    private static String flat(@Nullable Tree value, String fallback) {
        return switch (value) {
            case null -> fallback;
            case Tree.Sequence list -> String.join(" ", list.items().stream().map(i -> flat(i, "")).toList());
            case Tree.Mapping object -> {
                List<String> parts = new ArrayList<>();
                object.entries().forEach((key, item) -> parts.add(key + ": " + flat(item, "")));
                yield String.join(", ", parts);
            }
            default -> Fields.text(value);
        };
    }

    private static Fields fields(Tree tree) {
        return new Fields(tree instanceof Tree.Mapping object ? object : Tree.mapping().build());
    }
}
