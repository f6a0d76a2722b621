package io.halite.proxy.upstream;

import io.halite.config.Retries;
import java.util.SplittableRandom;

/** How long to wait before a retry: doubled each time up to a bound, with full jitter. */
public final class BackOff {
    private static final int MAX_DOUBLINGS = 20;

    private BackOff() {}

    /**
     * Nanoseconds to wait.
     *
     * @param retry how many retries were made before
     */
    public static long nanos(Retries retries, int retry, SplittableRandom random) {
        long most = retries.maxBackoff().toNanos();
        long wanted = retries.backoff().toNanos() << Math.min(retry, MAX_DOUBLINGS);
        long bound = wanted > 0 ? Math.min(most, wanted) : most;
        return bound <= 0 ? 0 : random.nextLong(bound);
    }
}
