package io.halite.config.document;

import io.halite.config.tree.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one object. Reading a key that is absent, or whose value has a problem, gives the default: problems are
 * gathered, so reading goes on to find the next one.
 */
final class Fields {
    private final Value owner;
    private final Tree.Mapping mapping;

    private Fields(Value owner, Tree.Mapping mapping) {
        this.owner = owner;
        this.mapping = mapping;
    }

    static Fields of(Value owner, Tree.Mapping mapping, List<String> keys) {
        if (owner.reading().isStrict()) {
            mapping.keyLines().forEach((key, line) -> reportUnknown(owner, key, line, keys));
        }
        return new Fields(owner, mapping);
    }

    private static void reportUnknown(Value owner, String key, int line, List<String> keys) {
        if (!keys.contains(key)) {
            owner.below(key, new Tree.Null(line), line)
                    .<Object>error("UNKNOWN_KEY", "the key '" + key + "' is not known here", Words.hint(key, keys));
        }
    }

    Value owner() {
        return owner;
    }

    boolean has(String key) {
        return get(key) != null;
    }

    /** The value of a key; null when it is absent or {@code null}. */
    @Nullable Value get(String key) {
        Tree child = mapping.get(key);
        if (child == null || child instanceof Tree.Null) {
            return null;
        }
        return owner.below(key, child, mapping.keyLines().getOrDefault(key, child.line()));
    }

    /** The value of a key; its absence is a problem. */
    @Nullable Value required(String key, String hint) {
        Value value = get(key);
        return value != null ? value : owner.error("MISSING_KEY", "'" + key + "' is missing", hint);
    }

    /** What {@code reader} makes of the value of a key, or the default. */
    <T> T read(String key, T fallback, Function<Value, @Nullable T> reader) {
        Value value = get(key);
        T read = value == null ? null : reader.apply(value);
        return read == null ? fallback : read;
    }

    /** What {@code reader} makes of the value of a key, or null. */
    <T> @Nullable T optional(String key, Function<Value, @Nullable T> reader) {
        Value value = get(key);
        return value == null ? null : reader.apply(value);
    }

    /** What {@code reader} makes of each item of the list at a key; items with a problem are left out. */
    <T> List<T> list(String key, Function<Value, @Nullable T> reader) {
        Value value = get(key);
        return value == null ? List.of() : each(value.items(), reader);
    }

    /** The same, where a list of one may be written without brackets. */
    <T> List<T> listOrOne(String key, Function<Value, @Nullable T> reader) {
        Value value = get(key);
        return value == null ? List.of() : each(value.itemsOrSelf(), reader);
    }

    private static <T> List<T> each(List<Value> values, Function<Value, @Nullable T> reader) {
        List<T> read = new ArrayList<>();
        for (Value value : values) {
            T item = reader.apply(value);
            if (item != null) {
                read.add(item);
            }
        }
        return read;
    }

    Duration duration(String key, Duration fallback, Duration min, Duration max) {
        return read(key, fallback, value -> value.duration(min, max));
    }

    int integer(String key, int fallback, int min, int max) {
        return Math.toIntExact(read(key, (long) fallback, value -> value.integer(min, max)));
    }

    int percent(String key, int fallback, int min, int max) {
        return read(key, fallback, value -> value.percent(min, max));
    }

    long size(String key, long fallback, long min, long max) {
        return read(key, fallback, value -> value.size(min, max));
    }

    <T> T choice(String key, T fallback, Collection<T> choices, Function<T, String> spelling) {
        return read(key, fallback, value -> value.choice(choices, spelling));
    }
}
