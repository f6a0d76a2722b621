package io.halite.config;

/**
 * How often a request may be tried again at another target, and only where that is safe.
 *
 * @param attempts retries after the first try, 0–10
 * @param budget percent of the requests in flight that may be retries at one time, 0–100
 */
public record Retries(int attempts, int budget) {
    public static final int MAX_ATTEMPTS = 10;
    public static final Retries DEFAULT = new Retries(1, 20);
}
