package io.halite.config.membership;

import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The members of the cluster as the store knows them. Safe for use by many threads. */
final class Roster {
    private final ConfigStore store;
    private final InstantSource time;

    Roster(ConfigStore store, InstantSource time) {
        this.store = store;
        this.time = time;
    }

    /** The members by node id. */
    SortedMap<String, MemberRecord> members() {
        SortedMap<String, MemberRecord> members = new TreeMap<>();
        store.systemRecords(SystemKeys.MEMBERS).forEach((key, json) -> {
            String id = key.substring(SystemKeys.MEMBERS.length());
            members.put(id, MemberRecord.of(id, json));
        });
        return members;
    }

    /** A member by its id or its name. */
    Optional<MemberRecord> find(String idOrName) {
        SortedMap<String, MemberRecord> members = members();
        MemberRecord byId = members.get(idOrName);
        return byId != null ? Optional.of(byId)
                : members.values().stream().filter(member -> member.name().equals(idOrName)).findFirst();
    }

    boolean isRemoved(String nodeId) {
        return store.system(SystemKeys.removed(nodeId)).isPresent();
    }

    /** Who asks for a change of membership, now. */
    Origin origin(String author, String reason) {
        return new Origin(author, reason, time.instant(), UUID.randomUUID().toString());
    }
}
