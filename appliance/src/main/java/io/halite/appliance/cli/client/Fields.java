package io.halite.appliance.cli.client;

import io.halite.config.tree.Tree;
import java.util.List;

/** A JSON object of the API; what is absent reads as empty, so that an older node can be asked too. */
public record Fields(Tree.Mapping tree) {

    /** The value of a key as text; empty when it is absent or no scalar. */
    public String text(String key) {
        return text(tree.get(key));
    }

    /** A scalar as text. */
    public static String text(@org.jspecify.annotations.Nullable Tree value) {
        return switch (value) {
            case Tree.Text text -> text.value();
            case Tree.Num number -> number.text();
            case Tree.Bool bool -> Boolean.toString(bool.value());
            case null, default -> "";
        };
    }

    /** The object at a key. */
    public Fields object(String key) {
        return new Fields(tree.get(key) instanceof Tree.Mapping object ? object : Tree.mapping().build());
    }

    /** The objects of the array at a key. */
    public List<Fields> list(String key) {
        return tree.get(key) instanceof Tree.Sequence list
                ? list.items().stream().filter(Tree.Mapping.class::isInstance)
                        .map(item -> new Fields((Tree.Mapping) item)).toList()
                : List.of();
    }

    /** The scalars of the array at a key. */
    public List<String> texts(String key) {
        return tree.get(key) instanceof Tree.Sequence list ? list.items().stream().map(Fields::text).toList()
                : List.of();
    }

    /** Whether a boolean is present and true. */
    public boolean isTrue(String key) {
        return text(key).equals("true");
    }
}
