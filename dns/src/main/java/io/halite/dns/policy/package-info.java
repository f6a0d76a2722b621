/**
 * Who may be answered for a balanced name, decided from config, nodes, health and admin states before any query comes.
 * Start here: {@link io.halite.dns.policy.ZonePlanner}.
 */
@NullMarked
package io.halite.dns.policy;

import org.jspecify.annotations.NullMarked;
