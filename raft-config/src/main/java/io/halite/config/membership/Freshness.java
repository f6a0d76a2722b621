package io.halite.config.membership;

import io.halite.config.Ticker;
import io.halite.config.store.ConfigStore;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * How surely this node is up to date. Whatever is pushed may be lost, so every 30 s, give or take a fifth, the node
 * asks a majority through the leader whether there is anything it has not applied. Safe for use by many threads.
 */
final class Freshness {
    private static final System.Logger LOGGER = System.getLogger(Freshness.class.getName());
    private static final Duration RHYTHM = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ConfigStore store;
    private final Predicate<Duration> catchUp;
    private final Ticker ticker;
    private volatile long verified;
    private volatile boolean stale;

    /**
     * A freshness that begins stale.
     *
     * @param catchUp waits until this node has everything acknowledged; false when there was no majority in time
     */
    Freshness(ConfigStore store, Predicate<Duration> catchUp, Ticker ticker) {
        this.store = store;
        this.catchUp = catchUp;
        this.ticker = ticker;
        this.verified = ticker.nanos();
    }

    /** Asks now. */
    void verify() {
        long asked = ticker.nanos();
        if (catchUp.test(LIMIT)) {
            verified = asked;
            if (stale) {
                LOGGER.log(System.Logger.Level.INFO, "config up to date again revision=" + store.current().revision());
            }
            stale = false;
        } else if (!stale) {
            stale = true;
            LOGGER.log(System.Logger.Level.WARNING,
                    "config cannot be verified: no leader with a majority revision=" + store.current().revision());
        }
    }

    /** How long after the last time to ask again. */
    static Duration nextPause() {
        long fifth = RHYTHM.toMillis() / 5;
        return RHYTHM.plusMillis(ThreadLocalRandom.current().nextLong(-fifth, fifth + 1));
    }

    /** How long ago this node was surely up to date. */
    Duration staleness() {
        return Duration.ofNanos(ticker.nanos() - verified);
    }

    /** Whether the last attempt to verify failed. */
    boolean isStale() {
        return stale;
    }
}
