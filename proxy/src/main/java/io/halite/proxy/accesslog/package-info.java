/**
 * The access log: lines go from the relay loops through bounded rings to one thread that writes them.
 * Start here: {@link io.halite.proxy.accesslog.LogWriter}.
 */
@NullMarked
package io.halite.proxy.accesslog;

import org.jspecify.annotations.NullMarked;
