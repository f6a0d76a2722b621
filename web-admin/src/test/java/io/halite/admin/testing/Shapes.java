package io.halite.admin.testing;

import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of an OpenAPI description, as far as this project writes them: type, required, properties, items, enum and
 * references. A property that is not described is a problem.
 */
public record Shapes(Tree.Mapping description) {
    private static final String SCHEMAS = "#/components/schemas/";

    /** What is wrong with a value that should have the shape of a schema. */
    public List<String> problems(String schema, Tree value) {
        List<String> problems = new ArrayList<>();
        check(at(SCHEMAS + schema), value, schema, problems);
        return problems;
    }

    private void check(Tree.@Nullable Mapping schema, Tree value, String place, List<String> problems) {
        if (schema == null) {
            problems.add(place + ": no such schema");
        } else if (schema.get("$ref") instanceof Tree.Text reference) {
            check(at(reference.value()), value, place, problems);
        } else if (!types(schema).isEmpty() && !types(schema).contains(type(value))) {
            problems.add(place + ": " + type(value) + " instead of " + types(schema));
        } else if (schema.get("enum") instanceof Tree.Sequence allowed && !texts(allowed).contains(text(value))) {
            problems.add(place + ": '" + text(value) + "' is none of " + texts(allowed));
        } else if (value instanceof Tree.Sequence list && schema.get("items") instanceof Tree.Mapping items) {
            for (int i = 0; i < list.items().size(); i++) {
                check(items, list.items().get(i), place + "/" + i, problems);
            }
        } else if (value instanceof Tree.Mapping object && schema.get("properties") instanceof Tree.Mapping properties) {
            checkProperties(schema, properties, object, place, problems);
        }
    }

    private void checkProperties(
            Tree.Mapping schema, Tree.Mapping properties, Tree.Mapping object, String place, List<String> problems) {
        if (schema.get("required") instanceof Tree.Sequence required) {
            texts(required).stream().filter(key -> object.get(key) == null)
                    .forEach(key -> problems.add(place + "/" + key + ": missing"));
        }
        object.entries().forEach((key, value) -> {
            if (properties.get(key) instanceof Tree.Mapping property) {
                check(property, value, place + "/" + key, problems);
            } else {
                problems.add(place + "/" + key + ": not described");
            }
        });
    }

    private static Set<String> types(Tree.Mapping schema) {
        return switch (schema.get("type")) {
            case Tree.Text one -> Set.of(one.value());
            case Tree.Sequence several -> Set.copyOf(texts(several));
            case null, default -> Set.of();
        };
    }

    private static String type(Tree value) {
        return switch (value) {
            case Tree.Mapping ignored -> "object";
            case Tree.Sequence ignored -> "array";
            case Tree.Text ignored -> "string";
            case Tree.Num ignored -> "integer";
            case Tree.Bool ignored -> "boolean";
            case Tree.Null ignored -> "null";
        };
    }

    private static List<String> texts(Tree.Sequence list) {
        return list.items().stream().map(Shapes::text).toList();
    }

    private static String text(Tree value) {
        return value instanceof Tree.Text text ? text.value() : "";
    }

    private Tree.@Nullable Mapping at(String reference) {
        Tree.Mapping at = description;
        for (String key : reference.substring(2).split("/", -1)) {
            if (!(at.get(key) instanceof Tree.Mapping next)) {
                return null;
            }
            at = next;
        }
        return at;
    }

    /** References that lead nowhere. */
    public Set<String> dangling() {
        Set<String> references = references();
        references.removeIf(reference -> at(reference) != null);
        return references;
    }

    /** Components that nothing refers to. */
    public Set<String> unused() {
        Set<String> unused = new TreeSet<>();
        for (String kind : List.of("schemas", "parameters", "responses", "headers")) {
            Tree.Mapping all = at("#/components/" + kind);
            if (all != null) {
                all.entries().keySet().forEach(name -> unused.add("#/components/" + kind + "/" + name));
            }
        }
        unused.removeAll(references());
        return unused;
    }

    private Set<String> references() {
        Set<String> references = new TreeSet<>();
        collect(description, references);
        return references;
    }

    private static void collect(Tree tree, Set<String> into) {
        switch (tree) {
            case Tree.Mapping object -> {
                for (Map.Entry<String, Tree> entry : object.entries().entrySet()) {
                    if (entry.getKey().equals("$ref")) {
                        into.add(text(entry.getValue()));
                    }
                    collect(entry.getValue(), into);
                }
            }
            case Tree.Sequence list -> list.items().forEach(item -> collect(item, into));
            default -> { }
        }
    }
}
