package io.halite.config.document;

import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.document.DocumentShape.Section;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A config as its single objects in canonical JSON, the form in which the store keeps and compares them. Stateless. */
public final class ConfigObjects {
    private ConfigObjects() {}

    /** Each object as compact canonical JSON; equal objects give equal strings. */
    public static SortedMap<ObjectKey, String> encode(ClusterConfig config) {
        SortedMap<ObjectKey, String> objects = new TreeMap<>();
        for (Section<?> section : DocumentShape.SECTIONS) {
            encode(section, config, objects);
        }
        return objects;
    }

    private static <T> void encode(Section<T> section, ClusterConfig config, SortedMap<ObjectKey, String> objects) {
        for (Map.Entry<String, T> object : section.of(config).entrySet()) {
            objects.put(new ObjectKey(section.kind(), object.getKey()),
                    TreeText.json(section.shape().write(object.getValue())));
        }
    }

    /**
     * The config of these objects. Unknown keys written by a newer version are ignored here, never refused: what was
     * committed must load.
     *
     * @throws IllegalArgumentException naming the object that cannot be understood at all
     */
    public static ClusterConfig decode(SortedMap<ObjectKey, String> objects) {
        return new ClusterConfig(
                decode(DocumentShape.LOAD_BALANCERS, objects), decode(DocumentShape.POOLS, objects),
                decode(DocumentShape.CERTIFICATES, objects), decode(DocumentShape.ZONES, objects),
                decode(DocumentShape.VIRTUAL_ADDRESSES, objects), decode(DocumentShape.AUTOSCALING, objects));
    }

    private static <T> SortedMap<String, T> decode(Section<T> section, SortedMap<ObjectKey, String> objects) {
        SortedMap<String, T> decoded = new TreeMap<>();
        SortedMap<ObjectKey, String> fromHere = objects.tailMap(new ObjectKey(section.kind(), ""));
        for (Map.Entry<ObjectKey, String> object : fromHere.entrySet()) {
            if (!object.getKey().kind().equals(section.kind())) {
                break;
            }
            decoded.put(object.getKey().name(), decode(section, object.getKey(), object.getValue()));
        }
        return decoded;
    }

    private static <T> T decode(Section<T> section, ObjectKey key, String json) {
        Reading reading = new Reading(false);
        T object;
        try {
            Tree tree = TreeText.read(json.getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT);
            object = section.shape().read(Value.root(tree, reading));
        } catch (TreeSyntaxException e) {
            throw new IllegalArgumentException("the object " + key + " is not JSON: " + e.getMessage(), e);
        }
        if (object == null) {
            throw new IllegalArgumentException("the object " + key + " cannot be understood: "
                    + reading.problems().stream().map(Problem::message).collect(Collectors.joining("; ")));
        }
        return object;
    }
}
