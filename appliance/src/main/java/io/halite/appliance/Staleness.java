package io.halite.appliance;

import io.halite.config.Ticker;
import io.halite.config.store.ConfigStore;

/**
 * For how long this node may have been working by an old config: nothing as long as it knows a leader and works by the
 * newest revision it has heard of. Safe for use by many threads.
 */
final class Staleness {
    private static final double NANOS_PER_SECOND = 1e9;

    private final ConfigStore store;
    private final ConfigActivator activator;
    private final Ticker ticker;
    private volatile long freshAt;

    Staleness(ConfigStore store, ConfigActivator activator, Ticker ticker) {
        this.store = store;
        this.activator = activator;
        this.ticker = ticker;
        this.freshAt = ticker.nanos();
    }

    double seconds() {
        long now = ticker.nanos();
        boolean fresh = store.leadership().hasLeader()
                && activator.current().state().revision().compareTo(store.current().revision()) >= 0;
        if (fresh) {
            freshAt = now;
        }
        return (now - freshAt) / NANOS_PER_SECOND;
    }
}
