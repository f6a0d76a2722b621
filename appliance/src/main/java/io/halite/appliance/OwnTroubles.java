package io.halite.appliance;

import io.halite.admin.node.NodeView.Failure;
import io.halite.config.membership.NodeIdentity;
import io.halite.config.raft.RaftConfigStore;
import io.halite.health.orchestrator.ClusterHealth;
import java.util.ArrayList;
import java.util.List;

/** The degraded modes of this node alone, one sentence each. */
record OwnTroubles(
        NodeIdentity identity, RaftConfigStore store, ConfigActivator activator, LocalDns dns, ClusterHealth health) {

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        String name = identity.name();
        store.failure().ifPresent(failure -> sentences.add("node " + name + ": the store has stopped: " + failure));
        store.diskTrouble().ifPresent(trouble -> sentences.add("node " + name + " takes no changes: " + trouble));
        dns.degraded().forEach(sentence -> sentences.add("node " + name + ": " + sentence));
        sentences.addAll(dns.forgottenRolls());
        // A witness checks nothing, whoever leads.
        if (!identity.witness() && health.isAlone()) {
            sentences.add("node " + name + ": no leader says that every check has an owner: it probes every target itself");
        }
        for (Failure failure : activator.current().failures()) {
            sentences.add("node " + name + " could not put " + failure.object() + " to work: " + failure.message());
        }
        return sentences;
    }
}
