/**
 * From a request to what shall be done with it: the parsed head, the compiled routes and the match.
 * Start here: {@link io.halite.proxy.route.RequestHead}.
 */
@NullMarked
package io.halite.proxy.route;

import org.jspecify.annotations.NullMarked;
