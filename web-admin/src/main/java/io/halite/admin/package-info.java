/** The admin listener: HTTPS, authentication and the REST API of a node. */
@NullMarked
package io.halite.admin;

import org.jspecify.annotations.NullMarked;
