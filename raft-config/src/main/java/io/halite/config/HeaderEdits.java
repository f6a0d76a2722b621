package io.halite.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Changes of the header fields of a message: first removed, then set, then added. Names are in lower case.
 *
 * @param set field → its only value
 * @param add field → one more value
 * @param remove fields taken out
 */
public record HeaderEdits(SortedMap<String, String> set, SortedMap<String, String> add, List<String> remove) {
    public static final HeaderEdits NONE =
            new HeaderEdits(Collections.emptySortedMap(), Collections.emptySortedMap(), List.of());

    public HeaderEdits {
        set = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) set));
        add = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) add));
        remove = List.copyOf(remove);
    }
}
