package io.halite.health;

import io.halite.config.TargetRef;

/** What the data plane tells health checking of its own experience. Cheap: called per failed connection. */
@FunctionalInterface
public interface PassiveSignals {

    /**
     * A connection to this target was refused or broke before an answer. The target is probed at once, back to back,
     * until it has passed or is unhealthy.
     */
    void suspect(TargetRef target);
}
