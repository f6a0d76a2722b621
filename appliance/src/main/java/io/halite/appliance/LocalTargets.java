package io.halite.appliance;

import io.halite.admin.node.TargetView;
import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.membership.MemberView;
import io.halite.config.membership.Membership;
import io.halite.config.membership.NodeStatus;
import io.halite.config.membership.NodeStatus.UnderWay;
import io.halite.health.ProbeOutcome;
import io.halite.health.Transition;
import io.halite.health.orchestrator.ClusterHealth;
import io.halite.proxy.DataPlane;
import io.halite.proxy.table.Explainer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Single targets as this node knows them. */
record LocalTargets(
        ClusterHealth health, DataPlane dataPlane, Membership membership, OwnFacts facts, Ticker ticker, InstantSource clock)
        implements TargetView {

    @Override
    public int inFlight(TargetRef target) {
        return dataPlane.inFlight(target);
    }

    @Override
    public Optional<Balancing> balancing(TargetRef target) {
        return new Explainer(dataPlane.table(), ticker, clock).candidates(target.pool()).stream()
                .filter(candidate -> candidate.target().equals(target.target())).findAny()
                .map(here -> new Balancing(membership.name(membership.links().self()), here.standing(), here.candidate(),
                        here.ejectedFor(), (int) Math.round(100 * here.share())));
    }

    @Override
    public List<Sessions> sessions(TargetRef target) {
        String self = membership.links().self();
        return membership.members().stream().map(view -> sessions(view, view.record().id().equals(self), target)).toList();
    }

    private Sessions sessions(MemberView view, boolean self, TargetRef target) {
        // First the version, then what is under way, as in what nodes tell each other.
        long version = self ? facts.activeAdminVersion() : view.status().map(NodeStatus::activeAdminVersion).orElse(0L);
        UnderWay told = self ? facts.underWay() : view.status().flatMap(NodeStatus::underWay).orElse(null);
        Optional<NodeStatus.Sessions> busy = told == null ? Optional.empty()
                : told.sessions().stream().filter(one -> one.target().equals(target)).findAny();
        boolean known = told != null && (told.leftOut() == 0 || busy.isPresent());
        return new Sessions(view.record().name(), ClusterMembers.state(view, self), version, known,
                known && busy.isEmpty(), busy.map(NodeStatus.Sessions::count).orElse(0));
    }

    @Override
    public List<Transition> transitions(TargetRef target) {
        return health.transitions(target).reversed();
    }

    @Override
    public Optional<ProbeOutcome> checkNow(TargetRef target) {
        return health.checkNow(target);
    }
}
