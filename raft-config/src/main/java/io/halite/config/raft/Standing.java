package io.halite.config.raft;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Who leads and how far this node has applied, to be waited for. Safe for use by many threads. */
final class Standing {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private String leader = "";
    private boolean leading;
    private long term;
    private long applied;
    private String failure = "";
    private String wayOut = "";
    private boolean ended;

    /**
     * One moment of it.
     *
     * @param failure why Raft has stopped here; empty when it runs
     * @param wayOut what to do then
     */
    record Moment(String leader, boolean leading, long term, long applied, String failure, String wayOut) {}

    Moment now() {
        lock.lock();
        try {
            return new Moment(leader, leading, term, applied, failure, wayOut);
        } finally {
            lock.unlock();
        }
    }

    void lead(String self, long newTerm) {
        change(() -> {
            leader = self;
            leading = true;
            term = newTerm;
        });
    }

    void follow(String newLeader, long newTerm) {
        change(() -> {
            leader = newLeader;
            leading = false;
            term = newTerm;
        });
    }

    void noLeader() {
        change(() -> {
            leader = "";
            leading = false;
        });
    }

    void applied(long index) {
        change(() -> applied = Math.max(applied, index));
    }

    /** Raft runs here. */
    void running() {
        change(() -> failure = "");
    }

    /** Why Raft has stopped here, and what to do. */
    void failure(String why, String whatToDo) {
        change(() -> {
            failure = why;
            wayOut = whatToDo;
            leader = "";
            leading = false;
        });
    }

    /** Raft has stopped here for good, so that nobody need wait for a leader. */
    void end(String why, String whatToDo) {
        failure(why, whatToDo);
        change(() -> ended = true);
    }

    private void change(Runnable update) {
        lock.lock();
        try {
            update.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a leader is known; false when the limit passed before, or none will ever be known here. */
    boolean awaitLeader(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (leader.isEmpty() && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !leader.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the leader is another than this one, but not longer. */
    void awaitOtherLeader(String than, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (leader.equals(than) && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until another than this one is known to lead; false when the limit passed before. */
    boolean awaitReplacement(String than, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while ((leader.isEmpty() || leader.equals(than)) && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !leader.isEmpty() && !leader.equals(than);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until an entry is applied here; false when the limit passed before. */
    boolean awaitApplied(long index, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (applied < index && left > 0) {
                left = changed.awaitNanos(left);
            }
            return applied >= index;
        } finally {
            lock.unlock();
        }
    }
}
