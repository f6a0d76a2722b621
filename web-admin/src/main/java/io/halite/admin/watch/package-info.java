/**
 * What happens, told to everyone who watches, as server-sent events.
 * Start here: {@link io.halite.admin.watch.EventFeed}.
 */
@NullMarked
package io.halite.admin.watch;

import org.jspecify.annotations.NullMarked;
