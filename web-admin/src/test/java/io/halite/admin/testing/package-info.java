/**
 * An admin server with fakes behind it, and callers.
 * Start here: {@link io.halite.admin.testing.AdminNode}.
 */
@NullMarked
package io.halite.admin.testing;

import org.jspecify.annotations.NullMarked;
