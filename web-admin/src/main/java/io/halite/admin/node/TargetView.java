package io.halite.admin.node;

import io.halite.config.TargetRef;
import io.halite.health.ProbeOutcome;
import io.halite.health.Transition;
import java.util.List;
import java.util.Optional;

/** What is known of single targets beyond their health. Safe for use by many threads. */
public interface TargetView {

    /** Requests and connections of this node that the target is working on. */
    int inFlight(TargetRef target);

    /** Its latest changes of health, newest first. */
    List<Transition> transitions(TargetRef target);

    /** Probes it now and waits for the verdict; empty when there is no check or nobody to do it. */
    Optional<ProbeOutcome> checkNow(TargetRef target);

    /** Knows nothing. */
    TargetView NONE = new TargetView() {
        @Override
        public int inFlight(TargetRef target) {
            return 0;
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
