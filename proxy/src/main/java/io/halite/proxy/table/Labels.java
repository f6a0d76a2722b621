package io.halite.proxy.table;

import java.util.HashMap;
import java.util.Map;

/** Small numbers for labels: the same label always gets the same, so that counters live through every change. */
final class Labels {
    private final Map<String, Integer> ids = new HashMap<>();

    int id(String label) {
        return ids.computeIfAbsent(label, unknown -> ids.size());
    }
}
