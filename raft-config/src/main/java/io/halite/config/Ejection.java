package io.halite.config;

import java.time.Duration;

/**
 * Passive outlier ejection at each proxy.
 *
 * @param consecutive failures in a row that eject a target
 * @param base time of the first ejection; multiplied by the number of ejections
 * @param maxPercent percent of a pool that may be ejected, though always one target
 * @param max the longest ejection
 */
public record Ejection(int consecutive, Duration base, int maxPercent, Duration max) {
    public static final Duration DEFAULT_MAX = Duration.ofMinutes(5);
    public static final Ejection DEFAULT = new Ejection(5, Duration.ofSeconds(30), 10);

    /** Ejection with the default for the longest. */
    public Ejection(int consecutive, Duration base, int maxPercent) {
        this(consecutive, base, maxPercent, DEFAULT_MAX);
    }
}
