package io.halite.admin.node;

import io.halite.admin.node.NodeView.Failure;
import io.halite.config.AdminOverride;
import io.halite.config.Revision;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Leadership;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The whole cluster as this node knows it; no call waits for another node. Safe for use by many threads. */
public interface ClusterView {

    /** The cluster's stable id. */
    String id();

    /** The cluster's name. */
    String name();

    /** Whether a write could be acknowledged now, as far as this node knows. */
    boolean hasQuorum();

    /** The name of the leader; empty when none is known. */
    String leader();

    /** All members, this node among them, by name. */
    List<Member> members();

    /** Which node probes what. */
    Assignments assignments();

    /** Waits until the revision, or a later one, is active on every member; false when the limit passed before. */
    boolean awaitActive(Revision revision, Duration limit);

    /**
     * One member.
     *
     * @param dnsAddresses by which DNS answers name it besides its address
     * @param activeAdminVersion the count of admin state changes that it works by
     * @param appliedIndex how far it has applied the Raft log
     * @param lag revisions that it is behind the newest this node knows
     * @param failures objects it could not put to work
     * @param decided what people decided about it other than ready, who, when and why
     */
    record Member(
            String name, String id, Role role, State state, String address, List<String> dnsAddresses,
            Revision activeRevision, long activeAdminVersion, long appliedIndex, long lag, List<Failure> failures,
            Optional<AdminOverride> decided) {
        public Member {
            dnsAddresses = List.copyOf(dnsAddresses);
            failures = List.copyOf(failures);
        }
    }

    /** A member's part in Raft. */
    enum Role {
        LEADER, VOTER, LEARNER, WITNESS;

        /** The spelling of the API. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a member is heard of and takes part. */
    enum State {
        /** Heard of within the last seconds. */
        ALIVE,
        /** Silent. */
        UNREACHABLE,
        /** Its nodes' traffic is being moved away on request. */
        DRAINING,
        /** Known, and has not reported yet. */
        JOINING;

        /** The spelling of the API. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The division of the checks in a term. */
    record Assignments(long term, long epoch, List<Assignment> assignments) {
        public static final Assignments NONE = new Assignments(0, 0, List.of());

        public Assignments {
            assignments = List.copyOf(assignments);
        }
    }

    /**
     * Targets that one node probes.
     *
     * @param targets {@code pool/target}
     */
    record Assignment(List<String> targets, String node, Instant leaseUntil) {
        public Assignment {
            targets = List.copyOf(targets);
        }
    }

    /** The view of a node that is its whole cluster. */
    static ClusterView alone(String id, String name, NodeView node, ConfigStore store) {
        return new Alone(id, name, node, store);
    }

    /** A cluster of one. */
    record Alone(String id, String name, NodeView node, ConfigStore store) implements ClusterView {
        @Override
        public boolean hasQuorum() {
            return store.leadership().hasLeader();
        }

        @Override
        public String leader() {
            return store.leadership().hasLeader() ? node.name() : "";
        }

        @Override
        public List<Member> members() {
            Leadership leadership = store.leadership();
            long lag = store.current().revision().number() - node.activeRevision().number();
            return List.of(new Member(node.name(), node.id(), leadership.leading() ? Role.LEADER : Role.VOTER,
                    State.ALIVE, node.address(), List.of(), node.activeRevision(), node.activeAdminVersion(),
                    leadership.appliedIndex(), Math.max(0, lag), node.failures(), Optional.empty()));
        }

        @Override
        public Assignments assignments() {
            return Assignments.NONE;
        }

        @Override
        public boolean awaitActive(Revision revision, Duration limit) {
            return node.awaitActive(revision, limit);
        }
    }
}
