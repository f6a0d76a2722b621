/**
 * The forwarding table: what one revision means to a relay loop, compiled once and shared by all loops.
 * Start here: {@link io.halite.proxy.table.ForwardingTable}.
 */
@NullMarked
package io.halite.proxy.table;

import org.jspecify.annotations.NullMarked;
