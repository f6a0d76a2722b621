package io.halite.proxy.balance;

import io.halite.config.AdminState;
import io.halite.health.Health;

/**
 * A target within one table of its pool.
 *
 * @param weight as written in the document
 * @param priority 0 for the first choice; a later one takes what the earlier cannot carry
 */
public record PoolMember(TargetEntry entry, int weight, int priority, AdminState adminState, Health health) {
    public PoolMember {
        if (weight < 0) {
            throw new IllegalArgumentException("weight of " + entry + ": " + weight + " (expected: 0 or more)");
        }
    }

    /** A member of first choice. */
    public PoolMember(TargetEntry entry, int weight, AdminState adminState, Health health) {
        this(entry, weight, 0, adminState, health);
    }
}
