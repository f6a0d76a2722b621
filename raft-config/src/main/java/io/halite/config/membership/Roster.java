package io.halite.config.membership;

import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The members of the cluster as the store knows them. Safe for use by many threads. */
final class Roster {
    private final ConfigStore store;
    private final InstantSource time;
    private volatile Read last = new Read(new TreeMap<>(), new TreeMap<>());

    /** The members as they were read from these records: they are asked for many times a second and seldom change. */
    private record Read(SortedMap<String, String> records, SortedMap<String, MemberRecord> members) {}

    Roster(ConfigStore store, InstantSource time) {
        this.store = store;
        this.time = time;
    }

    /** The members by node id. */
    SortedMap<String, MemberRecord> members() {
        SortedMap<String, String> records = store.systemRecords(SystemKeys.MEMBERS);
        Read known = last;
        if (!known.records.equals(records)) {
            SortedMap<String, MemberRecord> members = new TreeMap<>();
            records.forEach((key, json) -> {
                String id = key.substring(SystemKeys.MEMBERS.length());
                members.put(id, MemberRecord.of(id, json));
            });
            known = new Read(records, Collections.unmodifiableSortedMap(members));
            last = known;
        }
        return known.members;
    }

    /** A member by its id or its name. */
    Optional<MemberRecord> find(String idOrName) {
        SortedMap<String, MemberRecord> members = members();
        MemberRecord byId = members.get(idOrName);
        return byId != null ? Optional.of(byId)
                : members.values().stream().filter(member -> member.name().equals(idOrName)).findFirst();
    }

    /** What people decided about a node; ready unless they said otherwise. */
    AdminState adminState(String nodeId) {
        return decided(nodeId).map(AdminOverride::state).orElse(AdminState.READY);
    }

    /** What people decided about a node, other than ready, and who, when and why. */
    Optional<AdminOverride> decided(String nodeId) {
        return store.system(SystemKeys.nodeState(nodeId)).map(JsonFields::of).flatMap(fields ->
                Arrays.stream(AdminState.values())
                        .filter(state -> state != AdminState.READY && state.key().equals(fields.text("state"))).findAny()
                        .map(state -> new AdminOverride(state, fields.text("author"), fields.text("reason"),
                                Instant.ofEpochMilli(fields.number("since")))));
    }

    /** The record of a decision as of now. */
    String decision(AdminState state, String author, String reason) {
        return TreeText.json(Tree.mapping().put("state", state.key()).put("author", author).put("reason", reason)
                .put("since", time.millis()).build());
    }

    boolean isRemoved(String nodeId) {
        return store.system(SystemKeys.removed(nodeId)).isPresent();
    }

    /** The authority's word that a node was removed; empty when there is none. */
    String removalProof(String nodeId) {
        return store.system(SystemKeys.removed(nodeId)).map(json -> JsonFields.of(json).text("proof")).orElse("");
    }

    /** Who asks for a change of membership, now. */
    Origin origin(String author, String reason) {
        return new Origin(author, reason, time.instant(), UUID.randomUUID().toString());
    }
}
