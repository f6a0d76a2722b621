package io.halite.appliance;

import io.halite.admin.node.NodeView.Failure;
import io.halite.config.Revision;
import io.halite.config.store.ConfigState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Puts each config to work on this node: one thread, newest state only, part after part. What a part cannot put to work
 * is quarantined alone and tried again from time to time, since a taken port may become free, and when the present state is
 * offered again, since a secret may have come.
 */
final class ConfigActivator implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ConfigActivator.class.getName());

    private final List<Part> parts;
    private final Duration retry;
    private final Thread thread = Thread.ofPlatform().name("config-activator").unstarted(this::run);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private @Nullable ConfigState pending;
    /** The state at work was offered again since it was last taken up. */
    private boolean isOfferedAgain;
    private boolean closed;
    private volatile Runnable listener = () -> { };
    private volatile Activation activation = new Activation(ConfigState.EMPTY, List.of());

    /** A part of the node that works by the config. */
    @FunctionalInterface
    interface Part {
        /** Works by this state from now on; says what it could not put to work, having kept everything else. */
        List<Failure> activate(ConfigState state) throws InterruptedException;
    }

    /** The state this node works by, and the objects of it that it could not put to work. */
    record Activation(ConfigState state, List<Failure> failures) {
        Activation {
            failures = List.copyOf(failures);
        }
    }

    /**
     * @param parts in the order in which they take up a state
     * @param retry how long to wait before what failed is tried again
     */
    ConfigActivator(List<Part> parts, Duration retry) {
        this.parts = List.copyOf(parts);
        this.retry = retry;
    }

    /** Works by the first state before this returns, and by each that is offered from then on. */
    void start(ConfigState first) throws InterruptedException {
        activate(first);
        thread.start();
    }

    /**
     * Asks for a state to be put to work. One that is older than what is at work is ignored: after a power cut the store
     * may need a moment to come back to what the last known good file says already. Of the one at work, what failed is
     * tried again.
     */
    void offer(ConfigState state) {
        lock.lock();
        try {
            ConfigState newest = pending == null ? activation.state() : pending;
            if (state.isSameAs(newest)) {
                isOfferedAgain = true;
            } else if (!isOlder(state, newest)) {
                pending = state;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOlder(ConfigState state, ConfigState than) {
        return state.revision().compareTo(than.revision()) < 0 || state.adminVersion() < than.adminVersion();
    }

    /** Has this called after each activation, at once and on the activator's thread. */
    void tell(Runnable afterwards) {
        listener = afterwards;
    }

    Activation current() {
        return activation;
    }

    /** Waits until this node works by the revision or a later one; false when the limit passed before. */
    boolean awaitActive(Revision revision, Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (activation.state().revision().compareTo(revision) < 0) {
                if (left <= 0 || closed) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (ConfigState next = take(); next != null; next = take()) {
                activate(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next state to work by: the newest offered, or the present one again when some of it failed. */
    private @Nullable ConfigState take() throws InterruptedException {
        lock.lock();
        try {
            boolean waiting = true;
            while (pending == null && !closed && waiting) {
                if (activation.failures().isEmpty()) {
                    changed.await();
                } else {
                    waiting = !isOfferedAgain && changed.await(retry.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            ConfigState next = pending == null ? activation.state() : pending;
            pending = null;
            isOfferedAgain = false;
            return closed ? null : next;
        } finally {
            lock.unlock();
        }
    }

    private void activate(ConfigState state) throws InterruptedException {
        List<Failure> failures = new ArrayList<>();
        for (Part part : parts) {
            try {
                failures.addAll(part.activate(state));
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "activation failed revision=" + state.revision(), e);
                failures.add(new Failure("revisions/" + state.revision(), "ACTIVATION_FAILED", String.valueOf(e)));
            }
        }
        Activation before = activation;
        lock.lock();
        try {
            activation = new Activation(state, failures);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        log(before, activation);
        listener.run();
    }

    private static void log(Activation before, Activation now) {
        if (!before.state().revision().equals(now.state().revision())) {
            LOGGER.log(System.Logger.Level.INFO, "revision active revision=" + now.state().revision());
        }
        for (Failure failure : now.failures()) {
            if (!before.failures().contains(failure)) {
                LOGGER.log(System.Logger.Level.WARNING, "object quarantined object=" + failure.object() + " code="
                        + failure.code() + " message=" + failure.message());
            }
        }
        for (Failure failure : before.failures()) {
            if (!now.failures().contains(failure)) {
                LOGGER.log(System.Logger.Level.INFO, "object released object=" + failure.object());
            }
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
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
