package io.halite.config;

import java.time.Duration;

/**
 * When LB nodes are added and removed.
 *
 * @param metric what is watched, such as {@code cpu}
 * @param target percent to keep the metric at
 */
public record AutoscalingGroup(String metric, int target, int min, int max, Duration cooldown) {
    public static final Duration DEFAULT_COOLDOWN = Duration.ofMinutes(5);
}
