package io.halite.config.membership;

import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Done;
import io.halite.config.membership.Outcome.Refused;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Removes members and hands over the leadership, on the leader. Safe for use by many threads. */
final class Removal {
    private final ConfigStore store;
    private final Roster roster;
    private final RaftGroup group;
    private final String self;
    private final UnaryOperator<String> proof;
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();

    /**
     * A removal.
     *
     * @param proof gives the authority's word that a node is removed
     */
    Removal(String self, ConfigStore store, Roster roster, RaftGroup group, UnaryOperator<String> proof) {
        this.proof = proof;
        this.self = self;
        this.store = store;
        this.roster = roster;
        this.group = group;
    }

    /** Whether a node is just being removed, so that it must not be made a voter again. */
    boolean isLeaving(String id) {
        return leaving.contains(id);
    }

    /**
     * Takes a member out of the group, then its record away, which denies its certificate. In this order: a voter that
     * is denied while its vote is still needed for leaving would leave a group of two without a majority for good.
     */
    Outcome remove(String request) {
        String id = JsonFields.of(request).text("id");
        leaving.add(id);
        try {
            return removeNow(request);
        } finally {
            leaving.remove(id);
        }
    }

    /** Why a node cannot leave the group of voters; nothing when it has, or was none. */
    private Optional<String> leaveGroup(String id) {
        if (!group.roll().voters().contains(id)) {
            return Optional.empty();
        }
        if (!id.equals(self)) {
            return group.removeVoter(id);
        }
        for (String other : group.roll().voters()) {
            if (!other.equals(self) && !isWitness(other) && group.lead(other).isEmpty()) {
                return Optional.of("it led; another node leads now");
            }
        }
        return Optional.of("it leads, and no other voter can take over");
    }

    private boolean isWitness(String id) {
        MemberRecord member = roster.members().get(id);
        return member != null && member.witness();
    }

    private Outcome removeNow(String request) {
        JsonFields fields = JsonFields.of(request);
        String id = fields.text("id");
        Optional<String> record = store.system(SystemKeys.member(id));
        if (record.isEmpty()) {
            return new Refused(Cause.NOT_FOUND, "NODE_NOT_FOUND", "no node has the id " + id, "see: halite node ls");
        }
        if (roster.members().size() == 1) {
            return new Refused(Cause.CONFLICT, "LAST_NODE", "the last node of a cluster cannot be removed",
                    "stop it and delete its data directory");
        }
        MemberRecord member = MemberRecord.of(id, record.get());
        Optional<String> stays = leaveGroup(id);
        if (stays.isPresent()) {
            return new Refused(Cause.UNAVAILABLE, "NOT_REMOVED", "node " + member.name()
                    + " was not removed: " + stays.get(), "try again in a moment");
        }
        Map<String, @Nullable String> puts = new HashMap<>();
        puts.put(SystemKeys.member(id), null);
        puts.put(SystemKeys.nodeState(id), null);
        puts.put(SystemKeys.removed(id), TreeText.json(Tree.mapping().put("name", member.name())
                .put("author", fields.text("author")).put("reason", fields.text("reason"))
                .put("proof", proof.apply(id)).build()));
        ProposalResult result = store.propose(new Proposal.SystemTransaction(
                Map.of(SystemKeys.member(id), record.get()), puts,
                roster.origin(fields.text("author"), "remove node " + member.name() + ": " + fields.text("reason"))));
        return Outcomes.of(result, () -> Done.of(Tree.mapping().put("removed", member.name()).put("id", id)));
    }

    Outcome lead(String request) {
        String id = JsonFields.of(request).text("id");
        if (!group.roll().voters().contains(id)) {
            return new Refused(Cause.CONFLICT, "NOT_A_VOTER", "node " + id + " does not vote, so it cannot lead", "");
        }
        if (isWitness(id)) {
            return new Refused(Cause.CONFLICT, "IS_A_WITNESS", "a witness leads only when nobody else can",
                    "name a node that carries traffic");
        }
        return group.lead(id)
                .<Outcome>map(why -> new Refused(Cause.UNAVAILABLE, "NOT_HANDED_OVER",
                        "the leadership was not handed over: " + why, "try again"))
                .orElseGet(() -> Done.of(Tree.mapping().put("leader", id)));
    }
}
