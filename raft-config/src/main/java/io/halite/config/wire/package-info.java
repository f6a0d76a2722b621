/**
 * The binary form of everything that nodes store in the log, on disk, or send to each other.
 * Start here: {@link io.halite.config.wire.RecordWriter}.
 */
@NullMarked
package io.halite.config.wire;

import org.jspecify.annotations.NullMarked;
