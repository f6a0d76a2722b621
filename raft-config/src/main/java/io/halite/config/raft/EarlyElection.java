package io.halite.config.raft;

import io.halite.config.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Spares the voters the silence of a leader whose process has ended. Whoever sees that counts a much shorter election
 * timeout until another leads, for two of the long ones at most; the survivors take turns, so that their votes do not
 * split. A leader that lives is safe from one voter that errs: the others still hear it and refuse their pre-votes.
 * Safe for use by many threads.
 */
final class EarlyElection {
    private static final System.Logger LOGGER = System.getLogger(EarlyElection.class.getName());
    /** How many times shorter: four times the rhythm of the heartbeats, since a busy machine is slow to vote, too. */
    private static final int SHORTER = 5;

    private final Supplier<@Nullable RaftNode> raft;
    private final Standing standing;
    private final Ticker ticker;
    private final Duration electionTimeout;
    /** The leader that is gone; empty while all is calm. */
    private final AtomicReference<String> gone = new AtomicReference<>("");

    EarlyElection(Supplier<@Nullable RaftNode> raft, Standing standing, Ticker ticker, Duration electionTimeout) {
        this.raft = raft;
        this.standing = standing;
        this.ticker = ticker;
        this.electionTimeout = electionTimeout;
    }

    /** The process of a node has ended. */
    void ended(String nodeId) {
        if (standing.now().leader().equals(nodeId) && gone.compareAndSet("", nodeId)) {
            Thread.ofVirtual().name("early-election").start(() -> run(nodeId));
        }
    }

    /** A node that was taken for ended was heard of. */
    void returned(String nodeId) {
        gone.compareAndSet(nodeId, "");
    }

    private void run(String leader) {
        RaftNode node = raft.get();
        int turn = node == null ? -1 : node.turnAfter(leader);
        try {
            if (node != null && turn >= 0) {
                LOGGER.log(System.Logger.Level.INFO, "leader ended: electing early leader=" + leader + " turn=" + turn);
                elect(node, leader, turn);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            gone.set("");
        }
    }

    private void elect(RaftNode node, String leader, int turn) throws InterruptedException {
        Duration timeout = electionTimeout.dividedBy(SHORTER);
        Duration step = timeout.multipliedBy(3).dividedBy(4);
        Deadline deadline = new Deadline(ticker, electionTimeout.multipliedBy(2));
        boolean replaced = false;
        try {
            for (int steps = 0; !replaced && gone.get().equals(leader) && !deadline.isOver(); steps++) {
                if (steps <= turn) {
                    // Begins the timeout anew, so that this voter comes a step later than the one before it.
                    node.electWithin(timeout, timeout.dividedBy(2));
                }
                replaced = standing.awaitReplacement(leader, Math.min(step.toNanos(), deadline.left()));
            }
        } finally {
            node.electAsUsual();
        }
    }
}
