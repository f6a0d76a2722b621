package io.halite.proxy.tcp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pools by server name: the exact name, else the longest domain with a wildcard above it. Immutable. */
final class ServerNames {
    private final Map<String, String> pools;

    /** By names of the document, in lower case, exact or {@code *.example.com}. */
    ServerNames(Map<String, String> pools) {
        this.pools = Map.copyOf(pools);
    }

    /** The pool of a name in lower case; null when none is named for it. */
    @Nullable String pool(String name) {
        String found = pools.get(name);
        for (int dot = name.indexOf('.'); found == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            // A wildcard stands for at least one label.
            found = dot == 0 ? null : pools.get("*" + name.substring(dot));
        }
        return found;
    }
}
