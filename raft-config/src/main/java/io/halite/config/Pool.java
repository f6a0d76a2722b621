package io.halite.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of targets with the rules of choosing among them.
 *
 * @param sticky null when requests of one client need not meet the same target
 * @param slowStart how long the share of a recovered target grows to its full weight; zero for none
 * @param panicThreshold percent of eligible targets below which health is ignored as {@code whenAllDown} says
 * @param minimumHealthy number of eligible targets below which the same happens while any is unhealthy; 0 for none
 * @param checkers nodes that probe each target, 1–3
 */
public record Pool(
        Algorithm algorithm,
        @Nullable Sticky sticky,
        HealthCheck check,
        Retries retries,
        Ejection ejection,
        Duration slowStart,
        int panicThreshold,
        int minimumHealthy,
        WhenAllDown whenAllDown,
        int checkers,
        List<Target> targets,
        Upstream upstream) {

    public static final Duration DEFAULT_SLOW_START = Duration.ofSeconds(30);
    public static final int DEFAULT_PANIC_THRESHOLD = 50;
    public static final WhenAllDown DEFAULT_WHEN_ALL_DOWN = WhenAllDown.ALL;
    public static final int DEFAULT_CHECKERS = 1;
    public static final int MAX_CHECKERS = 3;

    public Pool {
        targets = List.copyOf(targets);
    }

    /** A pool of these targets with every default. */
    public static Pool of(List<Target> targets) {
        return new Pool(Algorithm.DEFAULT, null, HealthCheck.DEFAULT, Retries.DEFAULT, Ejection.DEFAULT,
                DEFAULT_SLOW_START, DEFAULT_PANIC_THRESHOLD, 0, DEFAULT_WHEN_ALL_DOWN, DEFAULT_CHECKERS, targets,
                Upstream.DEFAULT);
    }

    /** This pool with another algorithm. */
    public Pool withAlgorithm(Algorithm other) {
        return new Pool(other, sticky, check, retries, ejection, slowStart, panicThreshold, minimumHealthy,
                whenAllDown, checkers, targets, upstream);
    }

    /** This pool with other targets. */
    public Pool withTargets(List<Target> other) {
        return new Pool(algorithm, sticky, check, retries, ejection, slowStart, panicThreshold, minimumHealthy,
                whenAllDown, checkers, other, upstream);
    }

    /** This pool with another check. */
    public Pool withCheck(HealthCheck other) {
        return new Pool(algorithm, sticky, other, retries, ejection, slowStart, panicThreshold, minimumHealthy,
                whenAllDown, checkers, targets, upstream);
    }

    /** This pool whose targets are spoken to otherwise. */
    public Pool withUpstream(Upstream other) {
        return new Pool(algorithm, sticky, check, retries, ejection, slowStart, panicThreshold, minimumHealthy,
                whenAllDown, checkers, targets, other);
    }
}
