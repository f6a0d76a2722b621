package io.halite.config.membership;

import io.halite.config.AdminState;
import io.halite.config.membership.RaftGroup.Roll;
import io.halite.config.peer.AddressBook;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.store.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Brings the Raft group to what the members should make it, on the leader, one step at a time: who is a member takes
 * part, first as a learner; who is none leaves; and as many vote as the rule says. It works from what is, not from what
 * was asked, so a leader that fails in the middle is no matter. Confined to one thread.
 */
final class VoterKeeper {
    private static final System.Logger LOGGER = System.getLogger(VoterKeeper.class.getName());
    private static final long CAUGHT_UP = 100;
    /** A voter silent for so long gives its vote to a learner that is there. */
    static final Duration LOST = Duration.ofMinutes(10);

    private final String self;
    private final RaftGroup group;
    private final Roster roster;
    private final StatusExchange statuses;
    private final Supplier<Leadership> leadership;
    private final AddressBook book;
    private final Predicate<String> leaving;

    /**
     * A keeper.
     *
     * @param leaving says of a member's id that it is just being removed
     */
    VoterKeeper(PeerNetwork network, RaftGroup group, Roster roster, StatusExchange statuses,
            Supplier<Leadership> leadership, Predicate<String> leaving) {
        this.leaving = leaving;
        this.self = network.self();
        this.book = network.book();
        this.group = group;
        this.roster = roster;
        this.statuses = statuses;
        this.leadership = leadership;
    }

    /** Takes one step, if there is one to take; true when another may follow at once. */
    boolean step() {
        if (!leadership.get().leading()) {
            return false;
        }
        SortedMap<String, MemberRecord> members = roster.members();
        Roll roll = group.roll();
        // Before the founding record is written nobody is a member, and before the group's own first entry is
        // committed its roll is not known.
        boolean founding = !members.containsKey(self) && !roster.isRemoved(self);
        if (founding || roll.voters().isEmpty()) {
            return false;
        }
        return removeStrangers(members, roll) || addMembers(members, roll) || adjustVoters(members, roll)
                || leaveLead(members, roll);
    }

    private boolean removeStrangers(SortedMap<String, MemberRecord> members, Roll roll) {
        for (String learner : roll.learners()) {
            if (!members.containsKey(learner)) {
                return done("learner removed", learner, group.removeLearner(learner));
            }
        }
        for (String voter : roll.voters()) {
            if (!members.containsKey(voter)) {
                return voter.equals(self)
                        ? handOver(roll)
                        : done("voter removed", voter, group.removeVoter(voter));
            }
        }
        return false;
    }

    /** A leader that was removed lets another finish it. */
    private boolean handOver(Roll roll) {
        for (String voter : roll.voters()) {
            MemberRecord member = roster.members().get(voter);
            if (!voter.equals(self) && member != null && !member.witness() && statuses.isAlive(voter)) {
                done("leadership handed over", voter, group.lead(voter));
                return false;
            }
        }
        return false;
    }

    /** A leader that is drained, or a witness, leads on only while nobody else can. */
    private boolean leaveLead(SortedMap<String, MemberRecord> members, Roll roll) {
        MemberRecord me = members.get(self);
        boolean witness = me != null && me.witness();
        if (!witness && roster.adminState(self) == AdminState.READY) {
            return false;
        }
        for (String voter : roll.voters()) {
            MemberRecord member = members.get(voter);
            boolean able = member != null && !member.witness() && statuses.isAlive(voter) && hasCaughtUp(voter);
            // A witness leaves the lead to a drained node too.
            if (able && (witness || roster.adminState(voter) == AdminState.READY)) {
                done("leadership handed over", voter, group.lead(voter));
                return false;
            }
        }
        return false;
    }

    /** One that has applied nothing waits for a snapshot, however short the log of a young cluster is. */
    private boolean hasCaughtUp(String id) {
        long applied = leadership.get().appliedIndex();
        return statuses.of(id).filter(status -> status.applied() > 0 && applied - status.applied() <= CAUGHT_UP)
                .isPresent();
    }

    private boolean addMembers(SortedMap<String, MemberRecord> members, Roll roll) {
        for (MemberRecord member : members.values()) {
            if (!roll.has(member.id()) && !leaving.test(member.id())) {
                if (book.of(member.id()).isEmpty()) {
                    book.put(member.id(), member.addresses());
                }
                return done("learner added", member.id(), group.addLearner(member.id()));
            }
        }
        return false;
    }

    private boolean adjustVoters(SortedMap<String, MemberRecord> members, Roll roll) {
        int wanted = VoterRule.voters(members.size());
        int voters = roll.voters().size();
        Optional<String> candidate = candidate(members, roll);
        boolean better = hasLostVoter(roll) || (roll.voters().stream().anyMatch(id -> isWitness(members, id))
                && candidate.filter(id -> !isWitness(members, id)).isPresent());
        if (voters < wanted || (voters == wanted && better)) {
            return candidate.isPresent() && promote(candidate.get(), isWitness(members, candidate.get()));
        }
        return voters > wanted && demote(members, roll);
    }

    private static boolean isWitness(SortedMap<String, MemberRecord> members, String id) {
        MemberRecord member = members.get(id);
        return member != null && member.witness();
    }

    /** The learner that is there, has nearly everything, and has been a member longest; a node rather than a witness. */
    private Optional<String> candidate(SortedMap<String, MemberRecord> members, Roll roll) {
        return members.values().stream()
                .filter(member -> roll.learners().contains(member.id()) && statuses.isAlive(member.id())
                        && hasCaughtUp(member.id()))
                .min(Comparator.comparing(MemberRecord::witness).thenComparing(MemberRecord::joined)
                        .thenComparing(MemberRecord::id))
                .map(MemberRecord::id);
    }

    private boolean hasLostVoter(Roll roll) {
        return roll.voters().stream().anyMatch(this::isLost);
    }

    private boolean isLost(String voter) {
        return statuses.of(voter).isPresent() && statuses.silence(voter).compareTo(LOST) > 0;
    }

    /** JRaft takes a learner over by removing it first; if this leader fails in between, it becomes a learner again. */
    private boolean promote(String id, boolean witness) {
        return done("learner leaves to vote", id, group.removeLearner(id))
                && done("voter added", id, group.addVoter(id, witness));
    }

    private boolean demote(SortedMap<String, MemberRecord> members, Roll roll) {
        List<String> others = new ArrayList<>(roll.voters());
        others.remove(self);
        // The silent first, then a witness.
        others.sort(Comparator.comparing((String id) -> statuses.isAlive(id))
                .thenComparing(id -> !isWitness(members, id)));
        for (String id : others) {
            return done("voter becomes learner", id, group.removeVoter(id));
        }
        return false;
    }

    private static boolean done(String event, String id, Optional<String> failure) {
        if (failure.isEmpty()) {
            LOGGER.log(System.Logger.Level.INFO, event + " node=" + id);
            return true;
        }
        LOGGER.log(System.Logger.Level.WARNING, "not done: " + event + " node=" + id + " reason=" + failure.get());
        return false;
    }
}
