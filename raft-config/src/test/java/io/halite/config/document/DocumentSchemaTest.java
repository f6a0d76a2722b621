package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.tree.Tree;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The JSON Schema for editors accepts what the reader accepts: every random export, and the sample of the contract. */
class DocumentSchemaTest {
    private static final Tree SCHEMA = ConfigDocument.schema();

    @Test
    void exportsOfRandomConfigsFollowTheSchema() {
        for (long seed = 1; seed <= 300; seed++) {
            Tree document = ConfigDocument.write(new RandomConfig(seed).next());
            assertEquals("", violation(SCHEMA, document, ""), "seed " + seed);
        }
    }

    @Test
    void unknownKeysAndMissingOnesDoNot() {
        Tree.Mapping unknown = Tree.mapping().put("apiVersion", "halite/v1").put("pols", Tree.mapping().build()).build();
        assertEquals("/pols is not allowed", violation(SCHEMA, unknown, ""));
        assertEquals("/apiVersion is required", violation(SCHEMA, Tree.mapping().build(), ""));
    }

    @Test
    void everyKeyIsDescribed() {
        DocumentShape.DOCUMENT.keys("", line -> assertTrue(!line.key().says().isBlank(), line.key().name()));
    }

    /** The first violation of the part of JSON Schema that is used here; empty when there is none. */
    private static String violation(Tree schemaTree, Tree value, String place) {
        Tree.Mapping schema = (Tree.Mapping) schemaTree;
        if (schema.get("anyOf") instanceof Tree.Sequence options) {
            boolean any = options.items().stream().anyMatch(option -> violation(option, value, place).isEmpty());
            return any ? "" : place + " fits none of its forms";
        }
        if (schema.get("enum") instanceof Tree.Sequence allowed) {
            return allowed.items().contains(value) ? "" : place + " is none of its values: " + value;
        }
        return switch (value) {
            case Tree.Mapping mapping -> ofObject(schema, mapping, place);
            case Tree.Sequence list -> ofList(schema, list, place);
            case Tree.Text text -> typed(schema, "string", place) + patterned(schema, text.value(), place);
            case Tree.Num number -> typed(schema, "integer", place) + bounded(schema, number.value(), place);
            case Tree.Bool ignored -> typed(schema, "boolean", place);
            case Tree.Null ignored -> place + " is null";
        };
    }

    private static String ofObject(Tree.Mapping schema, Tree.Mapping value, String place) {
        String wrong = typed(schema, "object", place);
        if (schema.get("required") instanceof Tree.Sequence required) {
            for (Tree key : required.items()) {
                String name = ((Tree.Text) key).value();
                wrong += value.get(name) == null ? place + "/" + name + " is required" : "";
            }
        }
        for (Map.Entry<String, Tree> entry : value.entries().entrySet()) {
            Tree property = schema.get("properties") instanceof Tree.Mapping properties
                    ? properties.get(entry.getKey()) : schema.get("additionalProperties");
            String below = place + "/" + entry.getKey();
            wrong += property == null ? below + " is not allowed" : violation(property, entry.getValue(), below);
        }
        return wrong;
    }

    private static String ofList(Tree.Mapping schema, Tree.Sequence list, String place) {
        String wrong = typed(schema, "array", place);
        Tree item = schema.get("items");
        if (item == null) {
            return wrong;
        }
        for (Tree each : list.items()) {
            wrong += violation(item, each, place + "/…");
        }
        return wrong;
    }

    private static String typed(Tree.Mapping schema, String type, String place) {
        Tree allowed = schema.get("type");
        boolean fits = switch (allowed) {
            case null -> true;
            case Tree.Sequence types -> types.items().contains(Tree.text(type))
                    || (type.equals("integer") && types.items().contains(Tree.text("number")));
            default -> allowed.equals(Tree.text(type));
        };
        return fits ? "" : place + " may not be of type " + type;
    }

    private static String patterned(Tree.Mapping schema, String value, String place) {
        boolean fits = !(schema.get("pattern") instanceof Tree.Text pattern)
                || Pattern.compile(pattern.value()).matcher(value).find();
        return fits ? "" : place + " does not match: " + value;
    }

    private static String bounded(Tree.Mapping schema, BigDecimal value, String place) {
        boolean low = schema.get("minimum") instanceof Tree.Num min && value.compareTo(min.value()) < 0;
        boolean high = schema.get("maximum") instanceof Tree.Num max && value.compareTo(max.value()) > 0;
        return low || high ? place + " is out of range: " + value : "";
    }
}
