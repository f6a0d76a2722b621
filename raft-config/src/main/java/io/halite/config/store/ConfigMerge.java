package io.halite.config.store;

import io.halite.config.ClusterConfig;
import io.halite.config.document.ConfigObjects;
import io.halite.config.document.ObjectKey;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Carries changed objects over into a config, so that a change costs what it changes and not what there is. Confined
 * to one thread.
 */
final class ConfigMerge {
    private final SortedMap<ObjectKey, String> unreadable;

    ConfigMerge(SortedMap<ObjectKey, String> unreadable) {
        this.unreadable = new TreeMap<>(unreadable);
    }

    /** The config with these objects as they are now; a changed one that is not among them was removed. */
    ClusterConfig merge(ClusterConfig base, Collection<ObjectKey> changed, Map<ObjectKey, String> objects) {
        SortedMap<ObjectKey, String> put = new TreeMap<>();
        SortedMap<ObjectKey, String> removed = new TreeMap<>();
        for (ObjectKey key : changed) {
            unreadable.remove(key);
            String json = objects.get(key);
            if (json == null) {
                removed.put(key, "");
            } else {
                put.put(key, json);
            }
        }
        ClusterConfig fresh = decode(put);
        return new ClusterConfig(
                merged(base, fresh, ClusterConfig::loadBalancers, "loadBalancers", removed),
                merged(base, fresh, ClusterConfig::pools, "pools", removed),
                merged(base, fresh, ClusterConfig::certificates, "certificates", removed),
                merged(base, fresh, ClusterConfig::zones, "zones", removed),
                merged(base, fresh, ClusterConfig::virtualAddresses, "virtualAddresses", removed),
                merged(base, fresh, ClusterConfig::autoscaling, "autoscaling", removed));
    }

    /** Objects that cannot be understood → why. */
    SortedMap<ObjectKey, String> unreadable() {
        return unreadable;
    }

    private ClusterConfig decode(SortedMap<ObjectKey, String> objects) {
        try {
            return ConfigObjects.decode(objects);
        } catch (IllegalArgumentException oneOfThem) {
            return decodeOneByOne(objects);
        }
    }

    /** What was committed must load: an object that a newer version wrote in a way unknown here is set aside alone. */
    private ClusterConfig decodeOneByOne(SortedMap<ObjectKey, String> objects) {
        SortedMap<ObjectKey, String> readable = new TreeMap<>(objects);
        objects.forEach((key, json) -> {
            try {
                ConfigObjects.decode(new TreeMap<>(Map.of(key, json)));
            } catch (IllegalArgumentException e) {
                readable.remove(key);
                unreadable.put(key, String.valueOf(e.getMessage()));
            }
        });
        return ConfigObjects.decode(readable);
    }

    private static <T> SortedMap<String, T> merged(ClusterConfig base, ClusterConfig fresh,
            Function<ClusterConfig, SortedMap<String, T>> part, String kind, SortedMap<ObjectKey, String> removed) {
        SortedMap<String, T> result = new TreeMap<>(part.apply(base));
        result.putAll(part.apply(fresh));
        removed.keySet().stream().filter(key -> key.kind().equals(kind)).forEach(key -> result.remove(key.name()));
        return result;
    }
}
