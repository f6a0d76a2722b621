package io.halite.config.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.MemberFiles;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.store.ReplicatedState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Raft running on this node: after an error it starts it anew, with growing pauses, once the disk has room.
 * Nothing is ever deleted to get there.
 */
final class RaftSupervisor implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(RaftSupervisor.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    /** What the log and the state need at least to be opened and written. */
    private static final long ROOM = 8L << 20;
    /** What a node says of itself that may yet come back. */
    static final String TRIES_AGAIN = "mend the cause; the node tries again by itself";
    private static final Duration LAST_PAUSE = Duration.ofSeconds(30);

    private final LocalMember member;
    private final PeerNetwork network;
    private final ReplicatedState state;
    private final RaftEvents events;
    private final Standing standing;
    private final RaftSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile @Nullable RaftNode node;
    private @Nullable Thread thread;
    private boolean failed;
    private boolean closed;
    private boolean expelled;

    RaftSupervisor(LocalMember member, PeerNetwork network, ReplicatedState state, RaftEvents events,
            Standing standing, RaftSettings settings) {
        this.member = member;
        this.network = network;
        this.state = state;
        this.events = events;
        this.standing = standing;
        this.settings = settings;
    }

    /**
     * Starts Raft for the first time; a failure is the caller's.
     *
     * @param alone whether this node shall be the whole group from now on, whatever the log says
     */
    void start(Configuration founding, boolean alone) {
        RaftNode started = startNode(founding);
        if (alone) {
            started.standAlone();
        }
        node = started;
        thread = Thread.ofPlatform().daemon().name("raft-supervisor").start(this::watch);
    }

    private RaftNode startNode(Configuration founding) {
        return RaftNode.start(new RaftNode.Parts(member.directory(), member.identity(), network, state, events,
                settings, RaftConfigStore.FEATURE_LEVEL), founding);
    }

    /** The running node; null while there is none. */
    @Nullable RaftNode node() {
        return node;
    }

    /**
     * This node leads no more. When that comes between two sets of members, as when the second voter of a cluster dies while
     * it is added, JRaft 1.4.1 asks the former set whether it hears its leader after there is none: a node that was the
     * whole of it says yes, takes a leader for present for ever and never stands for election again
     * ({@code NodeImpl#handleStepDownTimeout}). Started anew it does.
     */
    void leadLost() {
        RaftNode running = node;
        if (running != null && running.isBetweenMembers()) {
            LOGGER.log(System.Logger.Level.INFO, "no longer leading in the middle of a change of members: raft starts anew");
            failed();
        }
    }

    /** Raft has stopped. */
    void failed() {
        lock.lock();
        try {
            failed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stops Raft for good. */
    void expel(String why) {
        lock.lock();
        try {
            expelled = true;
            failed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        standing.end(why, MemberFiles.EXPELLED);
    }

    private void watch() {
        try {
            while (awaitFailure()) {
                Duration pause = FIRST_PAUSE;
                stopNode();
                while (pause(pause) && !restart()) {
                    pause = pause.multipliedBy(2).compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : LAST_PAUSE;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitFailure() throws InterruptedException {
        lock.lock();
        try {
            while (!failed && !closed) {
                changed.await();
            }
            failed = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean pause(Duration duration) throws InterruptedException {
        lock.lock();
        try {
            long left = duration.toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            return !closed && !expelled;
        } finally {
            lock.unlock();
        }
    }

    private void stopNode() {
        RaftNode running = node;
        node = null;
        if (running != null) {
            running.stop();
        }
    }

    private boolean restart() {
        try {
            long free = Files.getFileStore(member.directory().path()).getUsableSpace();
            if (free < Math.max(settings.minFreeBytes(), ROOM)) {
                return false;
            }
            state.reopen();
            standing.running();
            RaftNode started = startNode(new Configuration());
            LOGGER.log(System.Logger.Level.INFO, "raft started again");
            lock.lock();
            try {
                node = started;
            } finally {
                lock.unlock();
            }
            return true;
        } catch (IOException | IllegalStateException e) {
            LOGGER.log(System.Logger.Level.WARNING, "raft not started again error=" + e.getMessage());
            standing.failure(String.valueOf(e.getMessage()), TRIES_AGAIN);
            return false;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        join();
        stopNode();
    }

    private void join() {
        Thread watching = thread;
        if (watching != null) {
            try {
                watching.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
