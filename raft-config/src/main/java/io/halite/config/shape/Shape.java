package io.halite.config.shape;

import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object of the document: its keys, and how their values make a {@code T}. Every key is read exactly once before the
 * object is built, so that one pass finds every problem.
 */
public final class Shape<T> implements Type<T> {
    private final Map<String, Key<T, ?>> keys = new LinkedHashMap<>();
    private final Function<Fields, @Nullable T> build;

    private Shape(Function<Fields, @Nullable T> build, List<Key<T, ?>> keys) {
        this.build = build;
        for (Key<T, ?> key : keys) {
            if (this.keys.put(key.name(), key) != null) {
                throw new IllegalArgumentException("the key " + key.name() + " stands twice");
            }
        }
    }

    /**
     * A shape with these keys, in the order in which they are written.
     *
     * @param build makes the object; null after a problem was reported
     */
    @SafeVarargs
    public static <T> Shape<T> of(Function<Fields, @Nullable T> build, Key<T, ?>... keys) {
        List<Key<T, ?>> list = new ArrayList<>();
        for (Key<T, ?> key : keys) {
            list.add(key);
        }
        return new Shape<>(build, list);
    }

    /** The keys, in order. */
    public List<Key<T, ?>> keys() {
        return List.copyOf(keys.values());
    }

    @Override
    public @Nullable T read(Value value) {
        Tree.Mapping mapping = value.mapping("an object with " + String.join(", ", keys.keySet()));
        return mapping == null ? null : build.apply(Fields.read(value, mapping, keys));
    }

    @Override
    public Tree write(T value) {
        Tree.MappingBuilder mapping = Tree.mapping();
        for (Key<T, ?> key : keys.values()) {
            Tree written = key.written(value);
            if (written != null) {
                mapping.put(key.name(), written);
            }
        }
        return mapping.build();
    }

    @Override
    public Tree.Mapping schema() {
        Tree.MappingBuilder properties = Tree.mapping();
        for (Key<T, ?> key : keys.values()) {
            Tree.MappingBuilder property = Tree.mapping();
            key.type().schema().entries().forEach(property::put);
            property.put("description", key.says());
            Tree fallback = key.defaultTree();
            if (fallback != null) {
                property.put("default", fallback);
            }
            properties.put(key.name(), property.build());
        }
        Tree.MappingBuilder schema = Tree.mapping().put("type", "object").put("properties", properties.build())
                .put("additionalProperties", false);
        List<String> required = keys.values().stream().filter(Key::required).map(Key::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", Tree.texts(required));
        }
        return schema.build();
    }

    @Override
    public String says() {
        return "object";
    }

    @Override
    public void keys(String path, Consumer<KeyLine> visitor) {
        keys.values().forEach(key -> visitor.accept(new KeyLine(path, key)));
        String prefix = path.isEmpty() ? "" : path + ".";
        keys.values().forEach(key -> key.type().keys(prefix + key.name(), visitor));
    }
}
