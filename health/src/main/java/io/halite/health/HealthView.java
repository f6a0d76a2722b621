package io.halite.health;

import io.halite.config.store.ConfigStore.Subscription;
import java.util.function.Consumer;

/** The health that a node acts on. Safe for use by many threads. */
public interface HealthView {

    /** The latest table; a memory read. */
    HealthTable current();

    /**
     * Calls the listener after each change, on one thread, conflated: a slow listener skips tables but sees the last.
     */
    Subscription watch(Consumer<HealthTable> listener);
}
