package io.halite.config.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcResponseClosureAdapter;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells voters and learners of a commit at once. Raft says that an entry is committed with the next entry or heartbeat
 * only, so that a lone write would wait for up to a heartbeat's time everywhere but on the leader. Commits that come
 * while heartbeats go out are told together. One thread sends.
 */
final class CommitNudge implements AutoCloseable {
    private final Supplier<Set<PeerId>> others;
    private final Supplier<@Nullable ReplicatorGroup> replicators;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition committed = lock.newCondition();
    private final Thread thread;
    private boolean pending;
    private boolean closed;

    CommitNudge(Supplier<Set<PeerId>> others, Supplier<@Nullable ReplicatorGroup> replicators) {
        this.others = others;
        this.replicators = replicators;
        this.thread = Thread.ofPlatform().daemon().name("raft-commit-nudge").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Something was committed on this node, which leads. */
    void commit() {
        lock.lock();
        try {
            pending = true;
            committed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (await()) {
                ReplicatorGroup group = replicators.get();
                if (group != null) {
                    others.get().forEach(other -> group.sendHeartbeat(other, new Ignored()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean await() throws InterruptedException {
        lock.lock();
        try {
            while (!pending && !closed) {
                committed.await();
            }
            pending = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            committed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it arrived shows with the next regular heartbeat. */
    private static final class Ignored extends RpcResponseClosureAdapter<AppendEntriesResponse> {
        @Override
        public void run(Status status) {
            // See above.
        }
    }
}
