package io.halite.admin.node;

import io.halite.config.TargetRef;
import io.halite.health.ProbeOutcome;
import io.halite.health.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is known of single targets beyond their health. Safe for use by many threads. */
public interface TargetView {

    /** Requests and connections of this node that the target is working on. */
    int inFlight(TargetRef target);

    /** How it stands for the requests that this node balances; empty when the node does not route to its pool. */
    Optional<Balancing> balancing(TargetRef target);

    /**
     * What a node's balancing goes by. Each node ejects by what its own traffic shows.
     *
     * @param standing such as {@code eligible} or {@code draining}
     * @param candidate whether it takes new requests while it is not ejected
     * @param ejectedFor what is left of an ejection; zero when there is none
     * @param warmth percentage of its weight while it starts slowly, else 100
     */
    record Balancing(String node, String standing, boolean candidate, Duration ejectedFor, int warmth) {}

    /**
     * What every node of the cluster, this one too, has under way at a target that is in drain or maintenance; by name.
     */
    List<Sessions> sessions(TargetRef target);

    /** Its latest changes of health, newest first. */
    List<Transition> transitions(TargetRef target);

    /**
     * The sessions of one node with a target.
     *
     * @param state of the node; what an unreachable one said last proves nothing of now
     * @param activeAdminVersion the count of admin state changes by which it is so
     * @param known whether the node tells it at all
     * @param idle whether it has surely nothing under way
     * @param inFlight requests and connections
     */
    record Sessions(
            String node, ClusterView.State state, long activeAdminVersion, boolean known, boolean idle, int inFlight) {}

    /** Probes it now and waits for the verdict; empty when there is no check or nobody to do it. */
    Optional<ProbeOutcome> checkNow(TargetRef target);

    /** Knows nothing. */
    TargetView NONE = new TargetView() {
        @Override
        public int inFlight(TargetRef target) {
            return 0;
        }

        @Override
        public Optional<Balancing> balancing(TargetRef target) {
            return Optional.empty();
        }

        @Override
        public List<Sessions> sessions(TargetRef target) {
            return List.of();
        }

        @Override
        public List<Transition> transitions(TargetRef target) {
            return List.of();
        }

        @Override
        public Optional<ProbeOutcome> checkNow(TargetRef target) {
            return Optional.empty();
        }
    };
}
