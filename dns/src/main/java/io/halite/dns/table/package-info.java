/**
 * Zones compiled to ready-made bytes: finding a name, choosing among its answers; nothing here allocates per query.
 * Start here: {@link io.halite.dns.table.ZoneTable}.
 */
@NullMarked
package io.halite.dns.table;

import org.jspecify.annotations.NullMarked;
