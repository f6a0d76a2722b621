/**
 * Requests and answers of the admin API, the table of its endpoints, and the one place where HTTP comes in and goes out.
 * Start here: {@link io.halite.admin.http.Endpoint}.
 */
@NullMarked
package io.halite.admin.http;

import org.jspecify.annotations.NullMarked;
