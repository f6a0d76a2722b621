package io.halite.config.document;

import io.halite.config.AutoscalingGroup;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Autoscaling groups. Stateless. */
final class AutoscalingShape {
    /** A cluster of more nodes than this is a mistake. */
    private static final int MAX_NODES = 100;

    private static final Key<AutoscalingGroup, String> METRIC = Key.required("metric", AutoscalingGroup::metric,
            Scalars.choice(List.of("cpu", "memory", "connections"), metric -> metric), "one of cpu, memory, connections");
    private static final Key<AutoscalingGroup, Integer> TARGET = Key.required("target", AutoscalingGroup::target,
            Scalars.percent(1, 100), "where to keep the metric, averaged over the nodes, such as 60%");
    private static final Key<AutoscalingGroup, Integer> MIN = Key.required("min", AutoscalingGroup::min,
            Scalars.integer(1, MAX_NODES), "the fewest nodes");
    private static final Key<AutoscalingGroup, Integer> MAX = Key.required("max", AutoscalingGroup::max,
            Scalars.integer(1, MAX_NODES), "the most nodes");
    private static final Key<AutoscalingGroup, Duration> COOLDOWN = Key.of("cooldown", AutoscalingGroup::cooldown,
            Scalars.duration(Duration.ofSeconds(10), Duration.ofDays(1)), AutoscalingGroup.DEFAULT_COOLDOWN,
            "between two decisions");

    static final Shape<AutoscalingGroup> GROUP =
            Shape.of(AutoscalingShape::group, METRIC, TARGET, MIN, MAX, COOLDOWN);

    private AutoscalingShape() {}

    private static @Nullable AutoscalingGroup group(Fields fields) {
        String metric = fields.find(METRIC);
        Integer target = fields.find(TARGET);
        Integer min = fields.find(MIN);
        Integer max = fields.find(MAX);
        if (min != null && max != null && min > max) {
            return fields.owner().error("EMPTY_RANGE", "min " + min + " is above max " + max,
                    "set `max` to " + min + " or more");
        }
        return metric == null || target == null || min == null || max == null ? null
                : new AutoscalingGroup(metric, target, min, max, fields.get(COOLDOWN));
    }
}
