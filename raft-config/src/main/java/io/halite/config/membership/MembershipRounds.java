package io.halite.config.membership;

import io.halite.config.HostPort;
import io.halite.config.peer.AddressBook;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The rhythm of membership: a thread that goes round every second, or at once when woken, and one each for what may
 * wait long. A failure of one round is logged and the next goes on.
 */
final class MembershipRounds implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(MembershipRounds.class.getName());
    private static final Duration ROUND = Duration.ofSeconds(1);
    /** Many wakes in short time make one round. */
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final Duration VOTER_ROUND = Duration.ofMillis(500);
    private static final Duration SLOW_ROUND = Duration.ofSeconds(5);

    private final DataDirectory directory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private SortedMap<String, List<HostPort>> stored = new TreeMap<>();
    private boolean wake;
    private boolean closed;

    /**
     * What is done in rounds.
     *
     * @param voters takes a step; true when another may follow at once
     */
    record Work(Runnable founding, Runnable tell, Runnable upkeep, BooleanSupplier voters, Runnable verify,
            Runnable slow, AddressBook book) {}

    MembershipRounds(DataDirectory directory) {
        this.directory = directory;
    }

    void start(Work work) {
        loop("membership", () -> {
            work.founding().run();
            work.tell().run();
            work.upkeep().run();
            storeBook(work.book());
            pause(ROUND, true);
        });
        loop("membership-voters", () -> {
            if (!work.voters().getAsBoolean()) {
                pause(VOTER_ROUND, false);
            }
        });
        loop("membership-verify", () -> {
            work.verify().run();
            pause(Freshness.nextPause(), false);
        });
        loop("membership-slow", () -> {
            pause(SLOW_ROUND, false);
            work.slow().run();
        });
    }

    /** Looks at the pulses of the others, without pause; whoever is alone looks for others only. */
    void start(PulseBoard pulses) {
        loop("membership-pulse", () -> {
            boolean hasOthers = pulses.look();
            pause(hasOthers ? PulseBoard.LOOK : ROUND, false);
        });
    }

    @FunctionalInterface
    private interface Round {
        void run() throws InterruptedException;
    }

    private void loop(String name, Round round) {
        Thread.ofVirtual().name(name).start(() -> {
            while (!isClosed()) {
                try {
                    round.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (RuntimeException e) {
                    LOGGER.log(System.Logger.Level.WARNING, "round failed name=" + name, e);
                    pauseAfterFailure();
                }
            }
        });
    }

    private void pauseAfterFailure() {
        try {
            pause(ROUND, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the next round come at once. */
    void wake() {
        lock.lock();
        try {
            wake = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration duration, boolean wakeable) throws InterruptedException {
        lock.lock();
        try {
            long left = duration.toNanos();
            while (left > 0 && !closed && !(wakeable && wake)) {
                left = woken.awaitNanos(left);
            }
            if (wakeable && wake) {
                wake = false;
                long breath = BREATH.toNanos();
                while (breath > 0 && !closed) {
                    breath = woken.awaitNanos(breath);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void storeBook(AddressBook book) {
        SortedMap<String, List<HostPort>> all = book.all();
        if (!all.equals(stored)) {
            try {
                PeersFile.write(directory, book);
                stored = all;
            } catch (IOException e) {
                LOGGER.log(System.Logger.Level.WARNING, "peers file not written error=" + e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
