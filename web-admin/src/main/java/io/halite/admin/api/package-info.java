/**
 * The operations of the REST API, a class for each kind of thing.
 * Start here: {@link io.halite.admin.api.ConfigApi}.
 */
@NullMarked
package io.halite.admin.api;

import org.jspecify.annotations.NullMarked;
