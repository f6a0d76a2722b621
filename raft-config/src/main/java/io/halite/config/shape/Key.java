package io.halite.config.shape;

import io.halite.config.tree.Tree;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key of an object, said once for reading, writing, the JSON Schema and the reference.
 *
 * @param value takes the key's value from an object; null leaves the key out
 * @param fallback what an absent key means, and what is left out when written; null when that depends on more than the key
 * @param required whether absence is a problem, with {@code says} as its hint
 * @param ahead whether the document can say it before any part of the product acts on it, which a warning then tells
 * @param says what the value means, as the rest of a sentence that begins with the key
 */
public record Key<O, T>(
        String name, Type<T> type, Function<O, @Nullable T> value, @Nullable T fallback, boolean required,
        boolean ahead, String says) {

    /** A key with a default. */
    public static <O, T> Key<O, T> of(
            String name, Function<O, @Nullable T> value, Type<T> type, T fallback, String says) {
        return new Key<>(name, type, value, fallback, false, false, says);
    }

    /** A key that may be absent and then means nothing, or something that only the object can tell. */
    public static <O, T> Key<O, T> optional(String name, Function<O, @Nullable T> value, Type<T> type, String says) {
        return new Key<>(name, type, value, null, false, false, says);
    }

    /** A key that every object of its shape has. */
    public static <O, T> Key<O, T> required(String name, Function<O, @Nullable T> value, Type<T> type, String says) {
        return new Key<>(name, type, value, null, true, false, says);
    }

    /** A key on which nothing acts yet. */
    public static <O, T> Key<O, T> inAdvance(Key<O, T> key) {
        return new Key<>(key.name, key.type, key.value, key.fallback, key.required, true, key.says);
    }

    /** The spelling of the value of an object; null when the key is left out. */
    public @Nullable Tree written(O owner) {
        T found = value.apply(owner);
        return found == null || found.equals(fallback) ? null : type.write(found);
    }

    /** The spelling of the default; null when there is none. */
    public @Nullable Tree defaultTree() {
        return fallback == null ? null : type.write(fallback);
    }
}
