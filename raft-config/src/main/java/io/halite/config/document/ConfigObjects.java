package io.halite.config.document;

import io.halite.config.ClusterConfig;
import java.util.SortedMap;

/** A config as its single objects in canonical JSON, the form in which the store keeps and compares them. Stateless. */
public final class ConfigObjects {
    private ConfigObjects() {}

    /** Each object as compact canonical JSON; equal objects give equal strings. */
    public static SortedMap<ObjectKey, String> encode(ClusterConfig config) {
        throw new UnsupportedOperationException("pending");
    }

    /**
     * The config of these objects. Unknown keys written by a newer version are ignored here, never refused: what was
     * committed must load.
     *
     * @throws IllegalArgumentException naming the object that cannot be understood at all
     */
    public static ClusterConfig decode(SortedMap<ObjectKey, String> objects) {
        throw new UnsupportedOperationException("pending");
    }
}
