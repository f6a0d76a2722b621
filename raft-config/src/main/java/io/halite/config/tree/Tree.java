package io.halite.config.tree;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value, each with the line it was read from (0 when it was built in memory). Immutable. */
public sealed interface Tree {

    /** The 1-based line of the text where this value begins, or 0. */
    int line();

    /**
     * An object, in the order of its text.
     *
     * @param keyLines the line of each key; empty when built in memory
     */
    record Mapping(Map<String, Tree> entries, Map<String, Integer> keyLines, int line) implements Tree {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
            keyLines = Map.copyOf(keyLines);
        }

        /** The value of a key, or null. */
        public @Nullable Tree get(String key) {
            return entries.get(key);
        }
    }

    /** An array. */
    record Sequence(List<Tree> items, int line) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * A string.
     *
     * @param plain whether it was a YAML plain scalar, so that a number where text is meant can be told apart
     */
    record Text(String value, boolean plain, int line) implements Tree {}

    /** A number; {@code text} is its spelling. */
    record Num(BigDecimal value, String text, int line) implements Tree {}

    /** True or false. */
    record Bool(boolean value, int line) implements Tree {}

    /** Null. */
    record Null(int line) implements Tree {}

    /** A string built in memory. */
    static Tree text(String value) {
        return new Text(value, false, 0);
    }

    /** An integer built in memory. */
    static Tree number(long value) {
        return new Num(BigDecimal.valueOf(value), Long.toString(value), 0);
    }

    /** A boolean built in memory. */
    static Tree bool(boolean value) {
        return new Bool(value, 0);
    }

    /** An array built in memory. */
    static Tree list(List<? extends Tree> items) {
        return new Sequence(new ArrayList<>(items), 0);
    }

    /** An array of strings built in memory. */
    static Tree texts(Iterable<String> items) {
        List<Tree> trees = new ArrayList<>();
        items.forEach(item -> trees.add(text(item)));
        return list(trees);
    }

    /** Starts an object built in memory. */
    static MappingBuilder mapping() {
        return new MappingBuilder();
    }

    /** Collects the entries of an object, in order. Confined to one thread. */
    final class MappingBuilder {
        private final Map<String, Tree> entries = new LinkedHashMap<>();

        private MappingBuilder() {}

        public MappingBuilder put(String key, Tree value) {
            entries.put(key, value);
            return this;
        }

        public MappingBuilder put(String key, String value) {
            return put(key, text(value));
        }

        public MappingBuilder put(String key, long value) {
            return put(key, number(value));
        }

        public MappingBuilder put(String key, boolean value) {
            return put(key, bool(value));
        }

        public Mapping build() {
            return new Mapping(entries, Map.of(), 0);
        }
    }
}
