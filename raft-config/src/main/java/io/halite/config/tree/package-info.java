/**
 * JSON and YAML text as trees that know their line: read with limits, written canonically. Knows nothing of load
 * balancers. Start here: {@link io.halite.config.tree.Tree}.
 */
@NullMarked
package io.halite.config.tree;

import org.jspecify.annotations.NullMarked;
