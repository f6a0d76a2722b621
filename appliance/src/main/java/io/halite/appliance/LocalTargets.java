package io.halite.appliance;

import io.halite.admin.node.TargetView;
import io.halite.config.TargetRef;
import io.halite.health.ProbeOutcome;
import io.halite.health.Transition;
import io.halite.health.orchestrator.ClusterHealth;
import io.halite.proxy.DataPlane;
import java.util.List;
import java.util.Optional;

/** Single targets as this node knows them. */
record LocalTargets(ClusterHealth health, DataPlane dataPlane) implements TargetView {

    @Override
    public int inFlight(TargetRef target) {
        return dataPlane.inFlight(target);
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
