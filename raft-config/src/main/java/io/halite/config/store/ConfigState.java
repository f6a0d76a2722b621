package io.halite.config.store;

import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this node has applied: one consistent, immutable view.
 *
 * @param adminVersion counter of admin state changes, apart from the revision
 * @param adminOverrides targets whose admin state is not ready
 */
public record ConfigState(
        Revision revision, ClusterConfig config, long adminVersion,
        SortedMap<TargetRef, AdminOverride> adminOverrides) {
    public static final ConfigState EMPTY =
            new ConfigState(Revision.ZERO, ClusterConfig.EMPTY, 0, Collections.emptySortedMap());

    public ConfigState {
        adminOverrides = Collections.unmodifiableSortedMap(
                new TreeMap<>((Map<TargetRef, AdminOverride>) adminOverrides));
    }

    /** The admin state of a target; ready unless people said otherwise. */
    public AdminState adminState(TargetRef target) {
        AdminOverride override = adminOverrides.get(target);
        return override == null ? AdminState.READY : override.state();
    }

    /** Whether it holds the same config and admin states, told by their counters. */
    public boolean isSameAs(ConfigState other) {
        return revision.equals(other.revision) && adminVersion == other.adminVersion;
    }
}
