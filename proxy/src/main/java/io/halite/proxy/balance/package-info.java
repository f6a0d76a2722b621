/**
 * From a pool to a target: eligibility, the algorithms, stickiness, ejection and the retry budget.
 * Start here: {@link io.halite.proxy.balance.Balancer}.
 */
@NullMarked
package io.halite.proxy.balance;

import org.jspecify.annotations.NullMarked;
