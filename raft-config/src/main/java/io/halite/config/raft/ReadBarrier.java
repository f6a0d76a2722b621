package io.halite.config.raft;

import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that this node has seen everything the cluster had acknowledged when it was asked: the leader confirms
 * with a majority that it still leads, and this node applies up to there. Safe for use by many threads.
 */
final class ReadBarrier {
    private static final byte[] NO_CONTEXT = new byte[0];
    /** The waiting is limited here: JRaft's own limit starts a wheel of timers that turns a thousand times a second. */
    private static final long NO_LIMIT = -1;
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Supplier<@Nullable RaftNode> raft;
    private final Standing standing;

    ReadBarrier(Supplier<@Nullable RaftNode> raft, Standing standing) {
        this.raft = raft;
        this.standing = standing;
    }

    /** Passes the barrier; false when there was no leader with a majority in time. */
    boolean await(Deadline deadline) throws InterruptedException {
        while (standing.awaitLeader(deadline.left())) {
            RaftNode node = raft.get();
            if (node == null || deadline.isOver()) {
                return false;
            }
            if (ask(node, Math.min(ATTEMPT.toMillis(), deadline.leftAsDuration().toMillis() + 1))) {
                return true;
            }
            // A leader that has just been elected, or one that is being replaced.
            standing.awaitOtherLeader(standing.now().leader(), Math.min(PAUSE.toNanos(), deadline.left()));
        }
        return false;
    }

    private static boolean ask(RaftNode node, long limitMillis) throws InterruptedException {
        BlockingQueue<Boolean> answer = new LinkedBlockingQueue<>();
        // Never by the leader's lease: a process that was stopped, or whose clock runs at another rate, would believe in it.
        node.node().readIndex(ReadOnlyOption.ReadOnlySafe, NO_CONTEXT, new ReadIndexClosure(NO_LIMIT) {
            @Override
            public void run(Status status, long index, byte[] context) {
                answer.add(status.isOk());
            }
        });
        Boolean passed = answer.poll(limitMillis, TimeUnit.MILLISECONDS);
        return Boolean.TRUE.equals(passed);
    }
}
