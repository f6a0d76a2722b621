package io.halite.config.store;

import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import java.util.List;
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
}
