package io.halite.config.raft;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a witness from leading while anybody else can. One that never led could hold the cluster up for good: a change may
 * be on it and on the node that has died, and not yet on the one that lives, which nobody may elect then. So a witness
 * stands for election once no leader was found for long, brings the others up to date, and hands over. One thread.
 */
final class LastResort implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(LastResort.class.getName());
    /** In election timeouts: what others need at most, and one more. */
    private static final int PATIENCE = 3;

    private final Supplier<@Nullable RaftNode> raft;
    private final Standing standing;
    private final String self;
    private final Duration electionTimeout;
    private volatile @Nullable Thread thread;

    LastResort(Supplier<@Nullable RaftNode> raft, Standing standing, String self, Duration electionTimeout) {
        this.raft = raft;
        this.standing = standing;
        this.self = self;
        this.electionTimeout = electionTimeout;
    }

    void start() {
        thread = Thread.ofVirtual().name("raft-last-resort").start(this::run);
    }

    private void run() {
        boolean may = false;
        try {
            while (true) {
                if (!standing.awaitLeader(electionTimeout.multipliedBy(PATIENCE).toNanos())) {
                    if (!may) {
                        LOGGER.log(System.Logger.Level.WARNING, "no leader for long: this witness may lead for a moment");
                    }
                    may = true;
                    mayStand(true);
                } else if (!standing.now().leading()) {
                    may = false;
                    mayStand(false);
                }
                String leader = standing.now().leader();
                standing.awaitOtherLeader(leader.isEmpty() ? self : leader, electionTimeout.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void mayStand(boolean may) {
        RaftNode node = raft.get();
        if (node != null) {
            node.mayStand(may);
        }
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
