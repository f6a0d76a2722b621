/**
 * Geo maps compiled to ranges of addresses, from networks in the config and from database files.
 * Start here: {@link io.halite.dns.geo.GeoTableCompiler}.
 */
@NullMarked
package io.halite.dns.geo;

import org.jspecify.annotations.NullMarked;
