package io.halite.appliance;

import io.halite.admin.node.ClusterView;
import io.halite.admin.node.NodeView.Failure;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.membership.MemberView;
import io.halite.config.membership.Membership;
import io.halite.config.membership.NodeIdentity;
import io.halite.config.membership.NodeStatus;
import io.halite.config.membership.SystemKeys;
import io.halite.config.store.ConfigStore;
import io.halite.health.ProbeAssignments;
import io.halite.health.orchestrator.ClusterHealth;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The cluster as its membership knows it, for the admin API. */
record ClusterMembers(
        NodeIdentity identity, Membership membership, ConfigStore store, ConfigActivator activator, ClusterHealth health,
        Ticker ticker)
        implements ClusterView {
    private static final long POLL_NANOS = 10_000_000;

    @Override
    public String id() {
        return identity.clusterId();
    }

    @Override
    public String name() {
        return store.system(SystemKeys.CLUSTER_NAME).orElse("halite");
    }

    @Override
    public boolean hasQuorum() {
        return membership.hasQuorum();
    }

    @Override
    public String leader() {
        String leader = store.leadership().leader();
        return membership.members().stream().map(MemberView::record).filter(record -> record.id().equals(leader))
                .map(record -> record.name()).findAny().orElse(leader.equals(identity.nodeId()) ? identity.name() : "");
    }

    @Override
    public List<Member> members() {
        long newest = store.current().revision().number();
        return membership.members().stream().map(view -> member(view, newest)).toList();
    }

    private Member member(MemberView view, long newest) {
        boolean self = view.record().id().equals(identity.nodeId());
        long active = self ? activator.current().state().revision().number()
                : view.status().map(NodeStatus::activeRevision).orElse(0L);
        long activeAdmin = self ? activator.current().state().adminVersion()
                : view.status().map(NodeStatus::activeAdminVersion).orElse(0L);
        long applied = self ? store.leadership().appliedIndex() : view.status().map(NodeStatus::applied).orElse(0L);
        List<Failure> failures = self ? activator.current().failures() : view.status().map(ClusterMembers::failures)
                .orElse(List.of());
        return new Member(view.record().name(), view.record().id(), Role.valueOf(view.role().name()), state(view, self),
                view.record().host(), view.status().map(NodeStatus::dnsAddresses).orElse(List.of()), new Revision(active),
                activeAdmin, applied, Math.max(0, newest - active), failures, view.decided());
    }

    static State state(MemberView view, boolean self) {
        if (self || view.alive()) {
            return view.isDraining() ? State.DRAINING : State.ALIVE;
        }
        return view.status().isEmpty() ? State.JOINING : State.UNREACHABLE;
    }

    private static List<Failure> failures(NodeStatus status) {
        return status.failures().stream()
                .map(failure -> new Failure(failure.object(), failure.code(), failure.message())).toList();
    }

    @Override
    public Assignments assignments() {
        ProbeAssignments known = health.assignments();
        return new Assignments(known.term(), known.epoch(), known.shares().stream().map(share -> new Assignment(
                share.targets().stream().map(TargetRef::toString).toList(), share.node(), share.leaseUntil())).toList());
    }

    @Override
    public boolean awaitActive(Revision revision, Duration limit) {
        long end = ticker.nanos() + limit.toNanos();
        while (!isActive(revision)) {
            if (ticker.nanos() - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** Whoever is silent may come back before the limit. */
    private boolean isActive(Revision revision) {
        return members().stream().allMatch(member -> member.activeRevision().compareTo(revision) >= 0);
    }
}
