package io.halite.config.store;

import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change that someone wants. It has been validated; the store decides only whether its base still holds. */
public sealed interface Proposal {
    Origin origin();

    /**
     * The config shall be this one.
     *
     * @param expected the revision the change was made from; another current revision refuses it
     * @param rollbackOf the revision it restores, or null
     */
    record Replace(Revision expected, ClusterConfig desired, @Nullable Revision rollbackOf, Origin origin)
            implements Proposal {}

    /**
     * The config shall be this one, and these targets' admin states and records of the cluster itself are set with it,
     * all together or not at all; what they do not name stays. A backup comes back by it.
     *
     * @param expected the revision the change was made from; another current revision refuses it
     */
    record Restore(Revision expected, ClusterConfig desired, Map<TargetRef, AdminState> adminStates,
            Map<String, String> records, Origin origin) implements Proposal {
        public Restore {
            adminStates = Map.copyOf(adminStates);
            records = Map.copyOf(records);
        }
    }

    /** These targets shall have this admin state. */
    record SetAdminState(List<TargetRef> targets, AdminState state, Origin origin) implements Proposal {
        public SetAdminState {
            targets = List.copyOf(targets);
        }
    }

    /**
     * A record of the cluster itself, such as a token's hash; never part of the config or its history.
     *
     * @param value null removes it
     * @param onlyIfAbsent leaves an existing record as it is (and reports unchanged)
     */
    record PutSystem(String key, @Nullable String value, boolean onlyIfAbsent, Origin origin) implements Proposal {}

    /**
     * Records of the cluster itself, changed together or not at all.
     *
     * @param expected what records must be for it to happen; null means absent. If one is not, the result is stale
     * @param puts the records to put; null removes one
     */
    record SystemTransaction(
            Map<String, @Nullable String> expected, Map<String, @Nullable String> puts, Origin origin)
            implements Proposal {
        public SystemTransaction {
            expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
            puts = Collections.unmodifiableMap(new LinkedHashMap<>(puts));
        }
    }
}
