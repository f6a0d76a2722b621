package io.halite.proxy.balance;

import org.jspecify.annotations.Nullable;

/**
 * The candidates of one priority, or of all where priorities do not count, with what algorithms need prepared. Immutable.
 *
 * @param share percent of the requests that go here first
 * @param maglev prepared when the algorithm is hash, else null
 */
@SuppressWarnings("ArrayRecordComponent")
record Tier(int[] candidates, int share, CandidateWeights weights, @Nullable MaglevTable maglev) {}
