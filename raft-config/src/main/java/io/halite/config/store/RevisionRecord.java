package io.halite.config.store;

import io.halite.config.Revision;
import io.halite.config.document.ObjectKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the history.
 *
 * @param rollbackOf the revision it restored, or null
 * @param changed the objects it added, changed or removed
 */
public record RevisionRecord(
        Revision revision, String author, Instant time, String reason, @Nullable Revision rollbackOf,
        List<ObjectKey> changed) {
    public RevisionRecord {
        changed = List.copyOf(changed);
    }
}
