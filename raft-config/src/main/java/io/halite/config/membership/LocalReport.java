package io.halite.config.membership;

import io.halite.config.HostPort;
import io.halite.config.store.ConfigStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What this node says of itself. Safe for use by many threads. */
final class LocalReport {
    private final LocalMember member;
    private final ConfigStore store;
    private final LocalFacts facts;
    private final int featureLevel;
    private final FreeSpace space;

    LocalReport(LocalMember member, ConfigStore store, LocalFacts facts, int featureLevel, FreeSpace space) {
        this.member = member;
        this.store = store;
        this.facts = facts;
        this.featureLevel = featureLevel;
        this.space = space;
    }

    NodeStatus status() {
        NodeIdentity identity = member.identity();
        // First the version, then what is under way: what is seen idle was so while the version held.
        long adminVersion = facts.activeAdminVersion();
        return new NodeStatus(identity.nodeId(), identity.name(), facts.addresses(), facts.host(), facts.version(),
                featureLevel, store.leadership().appliedIndex(), facts.activeRevision().number(),
                adminVersion, freeBytes(), facts.isLeaving(), Optional.of(facts.underWay()), facts.failures(),
                facts.degraded(), facts.site(), facts.weight(), facts.dnsAddresses());
    }

    private long freeBytes() {
        try {
            // In steps, so that it is no news with every write.
            return space.recentBytes() >> 24 << 24;
        } catch (IOException e) {
            return 0;
        }
    }

    /** The record of the node that founds the cluster. */
    MemberRecord founder(Instant now) {
        NodeIdentity identity = member.identity();
        return new MemberRecord(identity.nodeId(), identity.name(), facts.addresses(), facts.host(),
                Certificates.hash(member.certificate().certificate().getPublicKey()), identity.witness(), facts.version(),
                featureLevel, now);
    }

    /** The names that its certificate should have. */
    List<String> hosts() {
        List<String> hosts = new ArrayList<>();
        hosts.add(facts.host());
        for (HostPort place : facts.addresses()) {
            hosts.add(place.host());
        }
        return hosts;
    }
}
