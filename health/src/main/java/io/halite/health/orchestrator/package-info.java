/**
 * Dividing the probes among the nodes and sharing what they find.
 * Start here: {@link io.halite.health.orchestrator.ClusterHealth}.
 */
@NullMarked
package io.halite.health.orchestrator;

import org.jspecify.annotations.NullMarked;
