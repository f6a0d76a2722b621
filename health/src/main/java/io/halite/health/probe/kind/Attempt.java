package io.halite.health.probe.kind;

import io.halite.config.HostPort;
import io.halite.config.Ticker;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One probe under way: whom it asks, by when, and the socket it holds. The time-out is hard whatever the peer does:
 * a watchdog closes the socket, which ends any blocking call on it. Used by the probing thread, expired by another.
 */
public final class Attempt {
    private static final int MAX_FACTOR = 4;

    // immutable
    private final HostPort target;
    private final InetAddress address;
    private final Duration timeout;
    private final Ticker ticker;

    // the probing thread begins, then only the watchdog moves
    private volatile long begun;
    private volatile long deadline;

    // only the probing thread writes
    private volatile String phase = "waiting for a processor";

    // guarded by this
    private @Nullable Closeable socket;
    private boolean expired;
    private boolean finished;

    /** Queued now. */
    public Attempt(HostPort target, InetAddress address, Duration timeout, Ticker ticker) {
        this.target = target;
        this.address = address;
        this.timeout = timeout;
        this.ticker = ticker;
        this.begun = ticker.nanos();
        this.deadline = begun + timeout.toNanos();
    }

    /** Begins: the time-out runs from here, not from when it was queued. */
    public void begin() {
        begun = ticker.nanos();
        deadline = begun + timeout.toNanos();
    }

    /**
     * Moves the deadline, because this node was so late itself that the target had less than its time; at most until
     * four times the time-out. False when there is no more to give.
     */
    public boolean extend(long nanos) {
        long last = begun + MAX_FACTOR * timeout.toNanos();
        long current = deadline;
        if (current - last >= 0) {
            return false;
        }
        deadline = current + Math.min(last - current, nanos);
        return true;
    }

    /** The target as the document writes it. */
    public HostPort target() {
        return target;
    }

    /** Where to connect. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, target.port());
    }

    /** Where to connect on another port of the same host. */
    public InetSocketAddress socketAddress(int port) {
        return new InetSocketAddress(address, port);
    }

    public Duration timeout() {
        return timeout;
    }

    /** The tick at which it began. */
    public long begun() {
        return begun;
    }

    /** The tick at which the watchdog ends it. */
    public long deadline() {
        return deadline;
    }

    /** Time left; zero or negative once overdue. */
    public long remainingNanos() {
        return deadline - ticker.nanos();
    }

    /** Says what the probe is doing, for the sentence of a time-out. */
    public void phase(String doing) {
        phase = doing;
    }

    public String phase() {
        return phase;
    }

    /** Puts a socket under the watchdog, replacing the former one. Throws when the time is over already. */
    public <T extends Closeable> T guard(T opened) throws IOException {
        synchronized (this) {
            if (!expired && !finished) {
                socket = opened;
                return opened;
            }
        }
        opened.close();
        throw new IOException("the time was over before it began");
    }

    /** Ends the probe at its deadline: any thread. */
    public void expire() {
        Closeable open;
        synchronized (this) {
            if (finished) {
                return;
            }
            expired = true;
            open = socket;
            socket = null;
        }
        close(open);
    }

    /** The probing thread is through: closes what is open. */
    public void finish() {
        Closeable open;
        synchronized (this) {
            finished = true;
            open = socket;
            socket = null;
        }
        close(open);
    }

    public synchronized boolean isFinished() {
        return finished;
    }

    public synchronized boolean isExpired() {
        return expired;
    }

    private static void close(@Nullable Closeable open) {
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException alreadyBroken) {
            // A probe's socket that cannot be closed properly is of no more use to anyone.
        }
    }
}
