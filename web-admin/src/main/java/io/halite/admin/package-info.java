/**
 * The admin listener of a node: HTTPS, authentication and the REST API.
 * Start here: {@link io.halite.admin.AdminServer}.
 */
@NullMarked
package io.halite.admin;

import org.jspecify.annotations.NullMarked;
