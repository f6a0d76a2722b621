/**
 * Reading, proposing and watching config; the state and history on disk.
 * Start here: {@link io.halite.config.store.ConfigStore}.
 */
@NullMarked
package io.halite.config.store;

import org.jspecify.annotations.NullMarked;
