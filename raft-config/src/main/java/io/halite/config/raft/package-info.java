/**
 * The replicated log: the only package that knows JRaft.
 * Start here: {@link io.halite.config.raft.RaftConfigStore}.
 */
@NullMarked
package io.halite.config.raft;

import org.jspecify.annotations.NullMarked;
