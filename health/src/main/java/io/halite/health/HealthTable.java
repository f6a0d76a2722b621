package io.halite.health;

import io.halite.config.TargetRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The health of all targets at one moment, immutable.
 *
 * @param version grows with each change
 */
public record HealthTable(long version, Map<TargetRef, TargetHealth> targets) {
    public static final HealthTable EMPTY = new HealthTable(0, Map.of());

    public HealthTable {
        targets = Map.copyOf(targets);
    }

    /** The health of a target; unknown when nothing was heard of it. */
    public Health health(TargetRef target) {
        TargetHealth known = targets.get(target);
        return known == null ? Health.UNKNOWN : known.health();
    }

    /** What is known of a target, or null. */
    public @Nullable TargetHealth get(TargetRef target) {
        return targets.get(target);
    }
}
