package io.halite.config.store;

import io.halite.config.AdminState;
import io.halite.config.TargetRef;
import io.halite.config.document.ObjectKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the Raft log: what to put and remove if its conditions hold. Applying it is mechanical and the same on
 * every node and version; nothing is validated, no clock is read.
 *
 * @param featureLevel what a node must understand to apply it; a node below stops and never skips it
 * @param expected the revision it was made from, or null when any will do
 * @param rollbackOf the revision it restores, or null
 * @param compares system records that must be as said, else nothing is changed
 */
public record Command(
        int featureLevel, Origin origin, @Nullable Long expected, @Nullable Long rollbackOf,
        List<Compare> compares, List<Change> changes) {
    public Command {
        compares = List.copyOf(compares);
        changes = List.copyOf(changes);
    }

    /**
     * A condition on a system record.
     *
     * @param value the value it must have; null when it must be absent
     */
    public record Compare(String key, @Nullable String value) {}

    /** One thing to put or remove. */
    public sealed interface Change {
        /** An object of the config; null JSON removes it. */
        record ObjectChange(ObjectKey key, @Nullable String json) implements Change {}

        /** The admin state of a target. */
        record AdminChange(TargetRef target, AdminState state) implements Change {}

        /** A record of the cluster itself; a null value removes it. */
        record SystemChange(String key, @Nullable String value) implements Change {}
    }
}
