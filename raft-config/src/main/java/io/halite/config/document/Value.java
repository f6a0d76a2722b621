package io.halite.config.document;

import io.halite.config.tree.Tree;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value of the document that knows its place. Each reading method gives the value, or reports a problem and gives null.
 */
record Value(Tree tree, String pointer, int line, Reading reading) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");

    /** The value of a key or the item of an array below this one. */
    Value below(String key, Tree child, int childLine) {
        String escaped = key.replace("~", "~0").replace("/", "~1");
        return new Value(child, pointer + "/" + escaped, childLine, reading);
    }

    /** Reports a problem of this value; gives null, of whatever type the caller reads. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // null is of every type
    <T> @Nullable T error(String code, String message, String hint) {
        reading.error(this, code, message, hint);
        return null;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // as above
    private <T> @Nullable T wrongType(String expected, String hint) {
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

    private static String abbreviated(String text) {
        String line = text.replace('\n', ' ');
        return line.length() <= 60 ? line : line.substring(0, 60) + "…";
    }

    /** An object with these keys; others are problems. */
    @Nullable Fields fields(String... keys) {
        if (!(tree instanceof Tree.Mapping mapping)) {
            return wrongType("an object with " + String.join(", ", keys), "");
        }
        return Fields.of(this, mapping, List.of(keys));
    }

    /** An object whose keys are names that the document chooses. */
    @Nullable List<Map.Entry<String, Value>> named() {
        if (tree instanceof Tree.Null) {
            return List.of();
        }
        if (!(tree instanceof Tree.Mapping mapping)) {
            return wrongType("an object of named entries", "");
        }
        List<Map.Entry<String, Value>> entries = new ArrayList<>();
        mapping.entries().forEach((key, child) ->
                entries.add(Map.entry(key, below(key, child, mapping.keyLines().getOrDefault(key, child.line())))));
        return entries;
    }

    /** The items of a list, or this value alone where a list of one may be written without brackets. */
    List<Value> itemsOrSelf() {
        return tree instanceof Tree.Sequence ? items() : List.of(this);
    }

    /** The items of a list. */
    List<Value> items() {
        if (!(tree instanceof Tree.Sequence sequence)) {
            this.<Object>wrongType("a list", "write [ … ] or lines that begin with '- '");
            return List.of();
        }
        List<Value> items = new ArrayList<>();
        for (Tree item : sequence.items()) {
            items.add(below(Integer.toString(items.size()), item, item.line()));
        }
        return items;
    }

    boolean isObject() {
        return tree instanceof Tree.Mapping;
    }

    /** Text; a plain number or boolean is taken as it is written. */
    @Nullable String text() {
        return switch (tree) {
            case Tree.Text text -> text.value();
            case Tree.Num number -> number.text();
            case Tree.Bool bool -> Boolean.toString(bool.value());
            default -> wrongType("text", "");
        };
    }

    /** Text that is not empty and has no control characters. */
    @Nullable String line(String what) {
        String text = text();
        if (text != null && (text.isEmpty() || text.chars().anyMatch(Character::isISOControl))) {
            return error("INVALID_TEXT", what + " must be one line of text, not empty", "");
        }
        return text;
    }

    /** A name, which is the id of its object. */
    @Nullable String name() {
        String text = text();
        return text == null || isName(text) ? text : badName(text);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    @Nullable String badName(String text) {
        return error("INVALID_NAME", "'" + abbreviated(text) + "' is no name",
                "a name has 1 to 63 of the characters a-z, 0-9 and -");
    }

    @Nullable Long integer(long min, long max) {
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

    /** A percentage, such as {@code 20%}. */
    @Nullable Integer percent(int min, int max) {
        String text = text();
        if (text == null) {
            return null;
        }
        String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : "";
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return error("INVALID_PERCENT", "'" + abbreviated(text) + "' is no percentage",
                    "write a whole number and %, such as 20%");
        }
        int percent = Integer.parseInt(digits);
        return percent >= min && percent <= max ? (Integer) percent
                : error("OUT_OF_RANGE", text + " is out of range", "allowed: " + min + "% to " + max + "%");
    }

    @Nullable Duration duration(Duration min, Duration max) {
        String text = text();
        Duration duration = text == null ? null : Units.duration(text);
        if (text == null) {
            return null;
        }
        if (duration == null) {
            return error("INVALID_DURATION", "'" + abbreviated(text) + "' is no duration",
                    "write a number and a unit: 250ms, 5s, 10m, 1h");
        }
        boolean inRange = duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
        return inRange ? duration : error("OUT_OF_RANGE", text + " is out of range",
                "allowed: " + Units.text(min) + " to " + Units.text(max));
    }

    @Nullable Long size(long min, long max) {
        String text = text();
        Long bytes = text == null ? null : Units.size(text);
        if (text == null) {
            return null;
        }
        if (bytes == null) {
            return error("INVALID_SIZE", "'" + abbreviated(text) + "' is no size",
                    "write a number of bytes, or with a unit: 512B, 32KiB, 1MiB, 1GiB");
        }
        return bytes >= min && bytes <= max ? bytes : error("OUT_OF_RANGE", text + " is out of range",
                "allowed: " + Units.text(min) + " to " + Units.text(max));
    }

    /** One of these choices, by the spelling that {@code key} gives. */
    <T> @Nullable T choice(Collection<T> choices, Function<T, String> key) {
        String text = text();
        if (text == null) {
            return null;
        }
        for (T choice : choices) {
            if (key.apply(choice).equals(text)) {
                return choice;
            }
        }
        return error("UNKNOWN_VALUE", "'" + abbreviated(text) + "' is not known here",
                Words.hint(text, choices.stream().map(key).toList()));
    }

    /** Text read by {@code parser}, which gives null for what it does not understand. */
    <T> @Nullable T parsed(Function<String, @Nullable T> parser, String code, String what, String hint) {
        String text = text();
        if (text == null) {
            return null;
        }
        T parsed = parser.apply(text);
        return parsed != null ? parsed : error(code, "'" + abbreviated(text) + "' is no " + what, hint);
    }

    /** Notes that this value names an object of a kind, which must exist. */
    @Nullable String reference(String kind) {
        String name = name();
        if (name != null) {
            reading.references.add(new Reading.Reference(kind, name, this));
        }
        return name;
    }
}
