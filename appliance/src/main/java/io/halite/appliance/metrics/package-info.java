/**
 * The metrics of a node in Prometheus' text format. What the data plane counts is read when someone scrapes; nothing is
 * metered on the way of a request. Start here: {@link io.halite.appliance.metrics.NodeMetrics}.
 */
@NullMarked
package io.halite.appliance.metrics;

import org.jspecify.annotations.NullMarked;
