package io.halite.config.shape;

import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Types made of other types: lists, maps, and objects with a short form. Stateless. */
public final class Composites {
    private Composites() {}

    /** A list. Items with a problem are left out. */
    public static <T> Type<List<T>> list(Type<T> item) {
        return new ListOf<>(item, false);
    }

    /** A list that may be written as its only item. */
    public static <T> Type<List<T>> oneOrMore(Type<T> item) {
        return new ListOf<>(item, true);
    }

    private record ListOf<T>(Type<T> item, boolean bare) implements Type<List<T>> {
        @Override
        public List<T> read(Value value) {
            List<T> read = new ArrayList<>();
            for (Value each : bare ? value.itemsOrSelf() : value.items()) {
                T one = item.read(each);
                if (one != null) {
                    read.add(one);
                }
            }
            return List.copyOf(read);
        }

        @Override
        public Tree write(List<T> value) {
            return bare && value.size() == 1 ? item.write(value.getFirst())
                    : Tree.list(value.stream().map(item::write).toList());
        }

        @Override
        public Tree.Mapping schema() {
            Tree.Mapping list = Tree.mapping().put("type", "array").put("items", item.schema()).build();
            return bare ? anyOf(item.schema(), list) : list;
        }

        @Override
        public String says() {
            return (bare ? "one or a list of: " : "list of: ") + item.says();
        }

        @Override
        public void keys(String path, Consumer<KeyLine> visitor) {
            item.keys(path + "[]", visitor);
        }
    }

    /** An object whose keys the document chooses, each read as {@code name}. Entries with a problem are left out. */
    public static <T> Type<SortedMap<String, T>> map(Type<String> name, Type<T> entry) {
        return new MapOf<>(name, entry);
    }

    private record MapOf<T>(Type<String> name, Type<T> entry) implements Type<SortedMap<String, T>> {
        @Override
        public @Nullable SortedMap<String, T> read(Value value) {
            Tree.Mapping mapping = value.mapping("an object of named entries");
            if (mapping == null) {
                return null;
            }
            SortedMap<String, T> read = new TreeMap<>();
            for (String key : mapping.entries().keySet()) {
                Value place = value.key(mapping, key);
                String named = name.read(new Value(Tree.text(key), value, key, place.line(), value.reading()));
                T one = entry.read(place);
                if (named != null && one != null && read.put(named, one) != null) {
                    place.<Object>error("DUPLICATE_KEY", "the key '" + Value.abbreviated(named) + "' was given already",
                            "in another spelling of the same name");
                }
            }
            return read;
        }

        @Override
        public Tree write(SortedMap<String, T> value) {
            Tree.MappingBuilder mapping = Tree.mapping();
            for (Map.Entry<String, T> each : value.entrySet()) {
                mapping.put(each.getKey(), entry.write(each.getValue()));
            }
            return mapping.build();
        }

        @Override
        public Tree.Mapping schema() {
            return Tree.mapping().put("type", "object").put("propertyNames", name.schema())
                    .put("additionalProperties", entry.schema()).build();
        }

        @Override
        public String says() {
            return "object of " + name.says() + " → " + entry.says();
        }

        @Override
        public void keys(String path, Consumer<KeyLine> visitor) {
            entry.keys(path + ".*", visitor);
        }
    }

    /**
     * An object that has a short form for the common case.
     *
     * @param isShort whether the short form says it all
     */
    public static <T> Type<T> shortOr(Type<T> shortForm, Predicate<T> isShort, Shape<T> full) {
        return new ShortOr<>(shortForm, isShort, full);
    }

    private record ShortOr<T>(Type<T> shortForm, Predicate<T> isShort, Shape<T> full) implements Type<T> {
        @Override
        public @Nullable T read(Value value) {
            return value.isObject() ? full.read(value) : shortForm.read(value);
        }

        @Override
        public Tree write(T value) {
            return isShort.test(value) ? shortForm.write(value) : full.write(value);
        }

        @Override
        public Tree.Mapping schema() {
            return anyOf(shortForm.schema(), full.schema());
        }

        @Override
        public String says() {
            return shortForm.says() + "; or object";
        }

        @Override
        public void keys(String path, Consumer<KeyLine> visitor) {
            full.keys(path, visitor);
        }
    }

    private static Tree.Mapping anyOf(Tree.Mapping... schemas) {
        return Tree.mapping().put("anyOf", Tree.list(List.of(schemas))).build();
    }
}
