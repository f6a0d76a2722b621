package io.halite.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often a request may be tried again at another target, and only where that is safe.
 *
 * @param attempts retries after the first try, 0–10
 * @param budget percent of the requests in flight that may be retries at one time, 0–100
 * @param statuses status codes after which a request that is safe to repeat is tried again; empty for failures to connect
 *     alone
 * @param backoff before the first retry, doubled for each more, with full jitter
 * @param maxBackoff the longest pause
 * @param perTry for the head of the response of one try; null for the load balancer's timeout
 */
public record Retries(
        int attempts, int budget, List<Integer> statuses, Duration backoff, Duration maxBackoff,
        @Nullable Duration perTry) {
    public static final int MAX_ATTEMPTS = 10;
    public static final Duration DEFAULT_BACKOFF = Duration.ofMillis(25);
    public static final Duration DEFAULT_MAX_BACKOFF = Duration.ofMillis(250);
    public static final Retries DEFAULT = new Retries(1, 20);

    public Retries {
        statuses = List.copyOf(statuses);
    }

    /** Retries with every default but these. */
    public Retries(int attempts, int budget) {
        this(attempts, budget, List.of(), DEFAULT_BACKOFF, DEFAULT_MAX_BACKOFF, null);
    }
}
