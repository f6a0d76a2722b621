/**
 * What one probe does on the wire, by kind of check.
 * Start here: {@link io.halite.health.probe.kind.Prober}.
 */
@NullMarked
package io.halite.health.probe.kind;

import org.jspecify.annotations.NullMarked;
