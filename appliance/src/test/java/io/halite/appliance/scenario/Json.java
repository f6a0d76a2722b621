package io.halite.appliance.scenario;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A JSON object as a test reads it: what is missing is empty. */
public record Json(Tree tree) {

    public static Json of(String text) {
        try {
            return new Json(TreeText.read(text.getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT));
        } catch (TreeSyntaxException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** The text or number of a key. */
    public String text(String key) {
        return switch (get(key)) {
            case Tree.Text text -> text.value();
            case Tree.Num number -> number.text();
            case Tree.Bool bool -> Boolean.toString(bool.value());
            default -> "";
        };
    }

    /** The texts of an array. */
    public List<String> texts(String key) {
        return get(key) instanceof Tree.Sequence list ? list.items().stream()
                .map(item -> item instanceof Tree.Text text ? text.value() : "").toList() : List.of();
    }

    /** The object of a key. */
    public Json object(String key) {
        return new Json(get(key));
    }

    /** The objects of an array. */
    public List<Json> items(String key) {
        return get(key) instanceof Tree.Sequence list ? list.items().stream().map(Json::new).toList() : List.of();
    }

    private Tree get(String key) {
        Tree value = tree instanceof Tree.Mapping object ? object.get(key) : null;
        return value == null ? new Tree.Null(0) : value;
    }
}
