package io.halite.config.shape;

import io.halite.config.tree.Tree;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of one object's keys, already read. A key that is absent, or whose value has a problem, has its default:
 * problems are gathered, so reading goes on to find the next one.
 */
public final class Fields {
    private final Value owner;
    private final Tree.Mapping mapping;
    private final Map<String, Object> values = new HashMap<>();

    private Fields(Value owner, Tree.Mapping mapping) {
        this.owner = owner;
        this.mapping = mapping;
    }

    static <T> Fields read(Value owner, Tree.Mapping mapping, Map<String, Key<T, ?>> keys) {
        if (owner.reading().isStrict()) {
            for (String name : mapping.entries().keySet()) {
                if (!keys.containsKey(name)) {
                    owner.key(mapping, name).<Object>error("UNKNOWN_KEY",
                            "the key '" + Value.abbreviated(name) + "' is not known here", owner.hint(name, keys.keySet()));
                }
            }
        }
        Fields fields = new Fields(owner, mapping);
        keys.values().forEach(fields::read);
        return fields;
    }

    private void read(Key<?, ?> key) {
        Value value = at(key);
        if (value == null && key.required()) {
            owner.<Object>error("MISSING_KEY", "'" + key.name() + "' is missing",
                    "add `" + key.name() + "`: " + key.says());
        }
        if (value != null && key.ahead() && owner.reading().isStrict()) {
            value.warning("NOT_IN_EFFECT", "'" + key.name() + "' is kept but has no effect yet",
                    "a later version acts on it");
        }
        Object read = value == null ? null : key.type().read(value);
        Object kept = read == null ? key.fallback() : read;
        if (kept != null) {
            values.put(key.name(), kept);
        }
    }

    /** The object itself. */
    public Value owner() {
        return owner;
    }

    /** Whether a key is given, well or badly. */
    public boolean has(Key<?, ?> key) {
        return at(key) != null;
    }

    /** The place of a key; null when it is absent, or is {@code null} where that could not mean an empty object. */
    public @Nullable Value at(Key<?, ?> key) {
        Tree child = mapping.get(key.name());
        boolean absent = child == null || (child instanceof Tree.Null && !(key.type() instanceof Shape));
        return absent ? null : owner.key(mapping, key.name());
    }

    /** The value of a key that has a default. */
    public <T> T get(Key<?, T> key) {
        T found = find(key);
        if (found == null) {
            throw new IllegalArgumentException("the key " + key.name() + " has no default");
        }
        return found;
    }

    /** The value of a key; null when it is absent or has a problem. */
    @SuppressWarnings("unchecked") // what is stored under a key's name was read by its type
    public <T> @Nullable T find(Key<?, T> key) {
        return (T) values.get(key.name());
    }
}
