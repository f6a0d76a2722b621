/**
 * What is too rare for the fast path: signed queries, zone transfers and telling secondaries of changes.
 * Start here: {@link io.halite.dns.slow.TransferPath}.
 */
@NullMarked
package io.halite.dns.slow;

import org.jspecify.annotations.NullMarked;
