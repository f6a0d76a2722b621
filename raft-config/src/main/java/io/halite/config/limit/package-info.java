/**
 * What clients may take of a node, for whoever serves them on threads that others need too. Start here:
 * {@link io.halite.config.limit.Allowance}.
 */
@NullMarked
package io.halite.config.limit;

import org.jspecify.annotations.NullMarked;
