package io.halite.config.raft;

import java.time.Duration;

/**
 * How the replicated log behaves on this node.
 *
 * @param electionTimeout how long a leader may be silent; it sends heartbeats twenty times as often
 * @param proposalLimit how long a proposal may take, waiting for a leader included
 * @param snapshotInterval how often a Raft snapshot is due, which lets the log be cut
 * @param snapshotMargin how many entries must have come since the last one
 * @param minFreeBytes below this much free space proposals are refused, so that what is under way still fits
 */
public record RaftSettings(
        Duration electionTimeout, Duration proposalLimit, Duration snapshotInterval, int snapshotMargin,
        long minFreeBytes) {
    /** What a product runs with: the election timeout keeps a leader whose machine is busy with the traffic. */
    public static final RaftSettings DEFAULT = new RaftSettings(Duration.ofSeconds(2), Duration.ofSeconds(10),
            Duration.ofMinutes(30), 1000, 64L << 20);
}
