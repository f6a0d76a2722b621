package io.halite.config.shape;

import io.halite.config.tree.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of the document that knows its place. Each reading method gives the value, or reports a problem and gives null.
 *
 * @param parent the object or list it stands in; null for the document itself
 * @param key its key or position there
 */
public record Value(Tree tree, @Nullable Value parent, String key, int line, Reading reading) {
    private static final int MAX_QUOTED = 60;

    /** The document itself. */
    public static Value root(Tree tree, Reading reading) {
        return new Value(tree, null, "", tree.line(), reading);
    }

    /** The JSON pointer (RFC 6901) of this value; keys that are absurdly long are cut. */
    public String pointer() {
        if (parent == null) {
            return "";
        }
        return parent.pointer() + "/" + abbreviated(key).replace("~", "~0").replace("/", "~1");
    }

    /** The value of a key of the object that this value is. */
    Value key(Tree.Mapping mapping, String name) {
        Tree child = mapping.entries().getOrDefault(name, new Tree.Null(line));
        return new Value(child, this, name, mapping.keyLines().getOrDefault(name, child.line()), reading);
    }

    /** Reports a problem of this value; gives null, of whatever type the caller reads. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // null is of every type
    public <T> @Nullable T error(String code, String message, String hint) {
        reading.error(this, code, message, hint);
        return null;
    }

    /** A hint for a word that is not among the allowed ones: the nearest, or all of them. */
    public String hint(String word, Collection<String> allowed) {
        return reading.isFull() ? "" : Words.hint(word, allowed);
    }

    /** Reports something that is allowed but odd. */
    public void warning(String code, String message, String hint) {
        reading.warning(this, code, message, hint);
    }

    /** Reports that another kind of value is needed. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as above
    public <T> @Nullable T wrongType(String expected, String hint) {
        return error("WRONG_TYPE", "expected " + expected + ", found " + found(), hint);
    }

    private String found() {
        return switch (tree) {
            case Tree.Mapping ignored -> "an object";
            case Tree.Sequence ignored -> "a list";
            case Tree.Text text -> "'" + abbreviated(text.value()) + "'";
            case Tree.Num number -> number.text();
            case Tree.Bool bool -> Boolean.toString(bool.value());
            case Tree.Null ignored -> "nothing";
        };
    }

    /** Text from outside as a message may quote it: on one line, and not much of it. */
    public static String abbreviated(String text) {
        String start = text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
        StringBuilder line = new StringBuilder(start.length());
        start.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString();
    }

    /** The object that this value is, where nothing counts as an empty one. */
    public Tree.@Nullable Mapping mapping(String expected) {
        return switch (tree) {
            case Tree.Mapping mapping -> mapping;
            case Tree.Null nothing -> new Tree.Mapping(Map.of(), Map.of(), nothing.line());
            default -> wrongType(expected, "write { key: value } or indented lines such as 'key: value'");
        };
    }

    /** Whether this value is an object. */
    public boolean isObject() {
        return tree instanceof Tree.Mapping;
    }

    /** The items of a list, or this value alone where a list of one may be written without brackets. */
    public List<Value> itemsOrSelf() {
        return tree instanceof Tree.Sequence ? items() : List.of(this);
    }

    /** The items of a list. */
    public List<Value> items() {
        if (!(tree instanceof Tree.Sequence sequence)) {
            this.<Object>wrongType("a list", "write [ … ] or lines that begin with '- '");
            return List.of();
        }
        List<Value> items = new ArrayList<>(sequence.items().size());
        for (Tree item : sequence.items()) {
            items.add(new Value(item, this, Integer.toString(items.size()), item.line(), reading));
        }
        return items;
    }

    /** Text; a plain number or boolean is taken as it is written. */
    public @Nullable String text() {
        return switch (tree) {
            case Tree.Text text -> text.value();
            case Tree.Num number -> number.text();
            case Tree.Bool bool -> Boolean.toString(bool.value());
            default -> wrongType("text", "write one word, or a text in quotes");
        };
    }

    /** A whole number. */
    public @Nullable Long integer(long min, long max) {
        if (!(tree instanceof Tree.Num number)) {
            return wrongType("a whole number", "allowed: " + min + " to " + max);
        }
        BigDecimal value = number.value();
        boolean inRange = value.compareTo(BigDecimal.valueOf(min)) >= 0 && value.compareTo(BigDecimal.valueOf(max)) <= 0;
        if (!inRange || value.stripTrailingZeros().scale() > 0) {
            return error("OUT_OF_RANGE", number.text() + " is out of range", "allowed: whole numbers from " + min
                    + " to " + max);
        }
        return value.longValueExact();
    }
}
