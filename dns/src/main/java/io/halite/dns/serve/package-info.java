/**
 * From the bytes of a query to the bytes of its response, and what stands in between: cookies, rate limiting, counting.
 * Start here: {@link io.halite.dns.serve.FastPath}.
 */
@NullMarked
package io.halite.dns.serve;

import org.jspecify.annotations.NullMarked;
