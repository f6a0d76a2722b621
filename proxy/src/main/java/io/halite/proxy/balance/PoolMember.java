package io.halite.proxy.balance;

import io.halite.config.AdminState;
import io.halite.health.Health;

/**
 * A target within one table of its pool.
 *
 * @param weight as written in the document
 */
public record PoolMember(TargetEntry entry, int weight, AdminState adminState, Health health) {}
