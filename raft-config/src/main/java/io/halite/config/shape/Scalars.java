package io.halite.config.shape;

import io.halite.config.tree.Tree;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types of values that are no objects or lists. Stateless. */
public final class Scalars {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");
    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}%");

    private Scalars() {}

    /** How one spelling is understood and made. */
    private record Scalar<T>(
            Function<Value, @Nullable T> reader, Function<T, Tree> writer, Tree.Mapping schema, String says)
            implements Type<T> {
        @Override
        public @Nullable T read(Value value) {
            return reader.apply(value);
        }

        @Override
        public Tree write(T value) {
            return writer.apply(value);
        }
    }

    private static Tree.MappingBuilder schema(String type) {
        return Tree.mapping().put("type", type);
    }

    private static Tree.Mapping anyText() {
        return Tree.mapping().put("type", Tree.texts(List.of("string", "number", "boolean"))).build();
    }

    /** Any text. */
    public static Type<String> text() {
        return new Scalar<>(Value::text, Tree::text, anyText(), "text");
    }

    /**
     * Text that is not empty and has no control characters.
     *
     * @param what for messages: {@code a header}
     */
    public static Type<String> line(String what) {
        return new Scalar<>(value -> {
            String text = value.text();
            if (text != null && (text.isEmpty() || text.chars().anyMatch(Character::isISOControl))) {
                return value.error("INVALID_TEXT", what + " must be one line of text, not empty",
                        "write at least one character and no line break");
            }
            return text;
        }, Tree::text, anyText(), "one line of text");
    }

    /** Whether text may be the name of an object. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** A name, which is the id of its object. */
    public static Type<String> name() {
        return new Scalar<>(Scalars::name, Tree::text, schema("string").put("pattern", "^" + NAME + "$").build(), "name");
    }

    private static @Nullable String name(Value value) {
        String text = value.text();
        return text == null || isName(text) ? text
                : value.error("INVALID_NAME", "'" + Value.abbreviated(text) + "' is no name",
                        "a name has 1 to 63 of the characters a-z, 0-9 and -");
    }

    /**
     * The name of an object that must exist.
     *
     * @param kind the top-level key it stands under
     */
    public static Type<String> reference(String kind) {
        return new Scalar<>(value -> {
            String name = name(value);
            if (name != null) {
                value.reading().refer(kind, name, value);
            }
            return name;
        }, Tree::text, schema("string").put("pattern", "^" + NAME + "$").build(), "name of one of the " + kind);
    }

    /** A whole number. */
    public static Type<Integer> integer(int min, int max) {
        return new Scalar<>(value -> {
            Long read = value.integer(min, max);
            return read == null ? null : (Integer) Math.toIntExact(read);
        }, number -> Tree.number(number), schema("integer").put("minimum", min).put("maximum", max).build(),
                "whole number, " + min + " to " + max);
    }

    /** True or false. */
    public static Type<Boolean> bool() {
        return new Scalar<>(value -> value.tree() instanceof Tree.Bool bool ? (Boolean) bool.value()
                : value.wrongType("true or false", "write true or false, without quotes"), Tree::bool,
                schema("boolean").build(), "true or false");
    }

    /** A percentage, such as {@code 20%}. */
    public static Type<Integer> percent(int min, int max) {
        String allowed = min + "% to " + max + "%";
        return new Scalar<>(value -> {
            String text = value.text();
            if (text == null) {
                return null;
            }
            if (!PERCENT.matcher(text).matches()) {
                return value.error("INVALID_PERCENT", "'" + Value.abbreviated(text) + "' is no percentage",
                        "write a whole number and %, such as 20%");
            }
            int percent = Integer.parseInt(text.substring(0, text.length() - 1));
            return percent >= min && percent <= max ? (Integer) percent
                    : value.error("OUT_OF_RANGE", text + " is out of range", "allowed: " + allowed);
        }, percent -> Tree.text(percent + "%"), schema("string").put("pattern", "^" + PERCENT + "$").build(),
                "percentage, " + allowed);
    }

    /** A duration, such as {@code 250ms}. */
    public static Type<Duration> duration(Duration min, Duration max) {
        String allowed = Units.text(min) + " to " + Units.text(max);
        return new Scalar<>(value -> {
            String text = value.text();
            Duration duration = text == null ? null : Units.duration(text);
            if (text == null) {
                return null;
            }
            if (duration == null) {
                return value.error("INVALID_DURATION", "'" + Value.abbreviated(text) + "' is no duration",
                        "write a number and a unit: 250ms, 5s, 10m, 1h");
            }
            return duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0 ? duration
                    : value.error("OUT_OF_RANGE", text + " is out of range", "allowed: " + allowed);
        }, duration -> Tree.text(Units.text(duration)),
                schema("string").put("pattern", "^[0-9]{1,12}(ms|s|m|h|d)$").build(), "duration, " + allowed);
    }

    /** A number of bytes, such as {@code 32KiB}. */
    public static Type<Long> size(long min, long max) {
        String allowed = Units.text(min) + " to " + Units.text(max);
        return new Scalar<>(value -> {
            String text = value.text();
            Long bytes = text == null ? null : Units.size(text);
            if (text == null) {
                return null;
            }
            if (bytes == null) {
                return value.error("INVALID_SIZE", "'" + Value.abbreviated(text) + "' is no size",
                        "write a number of bytes, or with a unit: 512B, 32KiB, 1MiB, 1GiB");
            }
            return bytes >= min && bytes <= max ? bytes
                    : value.error("OUT_OF_RANGE", text + " is out of range", "allowed: " + allowed);
        }, bytes -> Tree.text(Units.text(bytes)), Tree.mapping().put("type", Tree.texts(List.of("string", "integer")))
                .put("pattern", "^[0-9]{1,12}(B|KiB|MiB|GiB)?$").build(), "size, " + allowed);
    }

    /** One of these choices, each by its spelling. */
    public static <T> Type<T> choice(Collection<T> choices, Function<T, String> spelling) {
        List<String> spellings = choices.stream().map(spelling).toList();
        return new Scalar<>(value -> {
            String text = value.text();
            if (text == null) {
                return null;
            }
            for (T choice : choices) {
                if (spelling.apply(choice).equals(text)) {
                    return choice;
                }
            }
            return value.error("UNKNOWN_VALUE", "'" + Value.abbreviated(text) + "' is not known here",
                    value.hint(text, spellings));
        }, choice -> Tree.text(spelling.apply(choice)), Tree.mapping().put("enum", Tree.texts(spellings)).build(),
                String.join(", ", spellings));
    }

    /**
     * Text in a spelling of its own.
     *
     * @param parser gives null for what it does not understand
     * @param what for messages: {@code '…' is no <what>}
     */
    public static <T> Type<T> spelled(
            Function<String, @Nullable T> parser, Function<T, String> printer, String code, String what, String hint) {
        return new Scalar<>(value -> {
            String text = value.text();
            if (text == null) {
                return null;
            }
            T parsed = parser.apply(text);
            return parsed != null ? parsed
                    : value.error(code, "'" + Value.abbreviated(text) + "' is no " + what, hint);
        }, item -> Tree.text(printer.apply(item)), schema("string").build(), what);
    }

    /** A type that accepts less than another; {@code check} reports why and gives null. */
    public static <T> Type<T> checked(Type<T> type, Check<T> check) {
        return new Scalar<>(value -> {
            T read = type.read(value);
            return read == null ? null : check.check(read, value);
        }, type::write, type.schema(), type.says());
    }

    /** Judges a value that was read. */
    @FunctionalInterface
    public interface Check<T> {
        /** The value, or null after a problem was reported. */
        @Nullable T check(T read, Value value);
    }
}
