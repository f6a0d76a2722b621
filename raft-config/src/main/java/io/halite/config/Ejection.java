package io.halite.config;

import java.time.Duration;

/**
 * Passive outlier ejection at each proxy.
 *
 * @param consecutive failures in a row that eject a target
 * @param base time of the first ejection; multiplied by the number of ejections
 * @param maxPercent percent of a pool that may be ejected, though always one target
 */
public record Ejection(int consecutive, Duration base, int maxPercent) {
    public static final Ejection DEFAULT = new Ejection(5, Duration.ofSeconds(30), 10);
}
