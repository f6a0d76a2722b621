package io.halite.config.store;

import io.halite.config.document.ObjectKey;
import java.util.Collections;
import java.util.SortedMap;

/**
 * Everything that is in force on this node as of one applied command, in memory.
 *
 * @param applied the Raft log index it holds
 * @param objects the config's objects in canonical JSON
 * @param unreadable objects that this version cannot understand → why; their last readable form stays in force
 */
public record Content(
        long applied, ConfigState state, SortedMap<ObjectKey, String> objects, SortedMap<String, String> system,
        SortedMap<ObjectKey, String> unreadable) {

    static final Content EMPTY = new Content(0, ConfigState.EMPTY, Collections.emptySortedMap(),
            Collections.emptySortedMap(), Collections.emptySortedMap());
}
