package io.halite.config.membership;

import io.halite.config.peer.PeerNetwork;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Proposal;
import java.util.SortedMap;

/**
 * Carries what nodes say of themselves over into what the store knows: the address book here, and on the leader the
 * records and the feature level, which rises when every member understands more. Confined to one thread.
 */
final class MemberUpkeep {
    private final PeerNetwork network;
    private final ConfigStore store;
    private final Roster roster;
    private final StatusExchange statuses;

    MemberUpkeep(PeerNetwork network, ConfigStore store, Roster roster, StatusExchange statuses) {
        this.network = network;
        this.store = store;
        this.roster = roster;
        this.statuses = statuses;
    }

    void run() {
        SortedMap<String, MemberRecord> members = roster.members();
        members.values().forEach(member -> {
            // What a node said itself is newer than its record.
            if (!member.id().equals(network.self()) && statuses.of(member.id()).isEmpty()
                    && !member.addresses().isEmpty()) {
                network.book().put(member.id(), member.addresses());
            }
        });
        network.book().all().keySet().forEach(id -> {
            if (!members.containsKey(id) && roster.isRemoved(id)) {
                network.book().remove(id);
                statuses.forget(id);
            }
        });
        network.dropRemoved();
        if (store.leadership().leading() && !members.isEmpty()) {
            members.values().forEach(this::updateRecord);
            raiseFeatureLevel(members);
        }
    }

    private void updateRecord(MemberRecord member) {
        NodeStatus status = statuses.of(member.id()).orElse(null);
        if (status == null || status.addresses().isEmpty()) {
            return;
        }
        MemberRecord current = member.at(status.addresses(), status.host())
                .running(status.version(), status.featureLevel());
        if (!current.equals(member)) {
            store.propose(new Proposal.PutSystem(SystemKeys.member(member.id()), current.json(), false,
                    roster.origin("cluster", "node " + member.name() + " has changed its addresses or version")));
        }
    }

    private void raiseFeatureLevel(SortedMap<String, MemberRecord> members) {
        int level = members.values().stream().mapToInt(MemberRecord::featureLevel).min().orElse(0);
        int now = store.system(SystemKeys.FEATURE_LEVEL).map(Integer::parseInt).orElse(0);
        if (level > now) {
            store.propose(new Proposal.PutSystem(SystemKeys.FEATURE_LEVEL, Integer.toString(level), false,
                    roster.origin("cluster", "every member understands feature level " + level)));
        }
    }
}
