/**
 * Fakes for tests of health checking.
 * Start here: {@link io.halite.health.testing.FakeTarget}.
 */
@NullMarked
package io.halite.health.testing;

import org.jspecify.annotations.NullMarked;
