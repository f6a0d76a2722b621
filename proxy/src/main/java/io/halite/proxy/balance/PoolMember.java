package io.halite.proxy.balance;

import io.halite.config.AdminState;
import io.halite.health.Health;

/**
 * A target within one table of its pool.
 *
 * @param weight as written in the document
 */
public record PoolMember(TargetEntry entry, int weight, AdminState adminState, Health health) {
    public PoolMember {
        if (weight < 0) {
            throw new IllegalArgumentException("weight of " + entry + ": " + weight + " (expected: 0 or more)");
        }
    }
}
