package io.halite.config.membership;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fields of a JSON object from a record or another node; what is missing is empty. Immutable. */
final class JsonFields {
    private final Tree.Mapping fields;

    private JsonFields(Tree.Mapping fields) {
        this.fields = fields;
    }

    /**
     * Reads an object.
     *
     * @throws IllegalArgumentException when the text is none
     */
    static JsonFields of(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8));
    }

    static JsonFields of(byte[] json) {
        try {
            if (TreeText.read(json, TreeLimits.REQUEST) instanceof Tree.Mapping mapping) {
                return new JsonFields(mapping);
            }
            throw new IllegalArgumentException("not a JSON object");
        } catch (TreeSyntaxException e) {
            throw new IllegalArgumentException(e.problem().message(), e);
        }
    }

    String text(String key) {
        return fields.get(key) instanceof Tree.Text text ? text.value() : "";
    }

    long number(String key) {
        return fields.get(key) instanceof Tree.Num number ? number.value().longValue() : 0;
    }

    boolean flag(String key) {
        return fields.get(key) instanceof Tree.Bool flag && flag.value();
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (fields.get(key) instanceof Tree.Sequence sequence) {
            for (Tree item : sequence.items()) {
                if (item instanceof Tree.Text text) {
                    texts.add(text.value());
                }
            }
        }
        return texts;
    }

    /** An object within this one; without fields when it is missing. */
    JsonFields fields(String key) {
        return new JsonFields(fields.get(key) instanceof Tree.Mapping mapping ? mapping : Tree.mapping().build());
    }

    List<String> keys() {
        return List.copyOf(fields.entries().keySet());
    }
}
