package io.halite.proxy.relay;

import java.net.InetSocketAddress;

/**
 * A listening socket of one loop. It stops accepting while the loop has no descriptor to spare, so that clients wait in
 * the kernel's queue and nothing else fails. Confined to the thread of its loop.
 */
public abstract class Acceptor extends Timed {
    /** Connections accepted in one go, so that a flood of them does not starve the rest. */
    static final int BATCH = 64;
    private static final long PAUSE_NANOS = 100_000_000;

    private final Loop loop;
    private final AcceptHandler handler;
    private boolean open = true;

    Acceptor(Loop loop, AcceptHandler handler) {
        this.loop = loop;
        this.handler = handler;
    }

    /** Where it listens, with the port that the system chose. */
    public abstract InetSocketAddress address();

    /** Takes what waits, then stops listening. */
    public final void close() {
        if (open) {
            acceptSome();
            open = false;
            loop.cancel(this);
            release();
        }
    }

    final Loop loop() {
        return loop;
    }

    final void ready() {
        if (open) {
            acceptSome();
        }
    }

    @Override
    protected final void expired() {
        if (open) {
            listening(true);
        }
    }

    private void acceptSome() {
        for (int taken = 0; taken < BATCH; taken++) {
            if (!loop.admits()) {
                pause();
                return;
            }
            Connection connection = accept();
            if (connection == null) {
                return;
            }
            loop.adopted(connection);
            loop.guard(connection, handler);
        }
    }

    /** No descriptor: looks again a little later. */
    final void pause() {
        loop.countAcceptPause();
        listening(false);
        loop.deadline(this, PAUSE_NANOS);
    }

    /** The next connection; null when there is none, or after {@link #pause}. */
    abstract @org.jspecify.annotations.Nullable Connection accept();

    abstract void listening(boolean on);

    abstract void release();
}
