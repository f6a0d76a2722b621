package io.halite.proxy.relay;

import java.net.InetSocketAddress;

/**
 * A listening socket of one loop. It stops accepting while the loop has no descriptor to spare, so that clients wait in
 * the kernel's queue and nothing else fails. Confined to the thread of its loop.
 */
public abstract class Acceptor extends Timed {
    /** Connections accepted in one go, so that a flood of them does not starve the rest. */
    static final int BATCH = 64;
    /** What a queue of waiting connections may hold, and as many again that come meanwhile. */
    private static final int MAX_BATCHES = 128;
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

    /** Its descriptor, to be handed to another process; negative where it cannot be. */
    public abstract int descriptor();

    /** Takes what waits, then stops listening. */
    public final void close() {
        if (open) {
            int batches = MAX_BATCHES;
            while (batches > 0 && acceptSome()) {
                batches--;
            }
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

    /** Whether more may wait. */
    private boolean acceptSome() {
        for (int taken = 0; taken < BATCH; taken++) {
            if (!loop.admits()) {
                pause();
                return false;
            }
            Connection connection = accept();
            if (connection == null) {
                return false;
            }
            loop.adopted(connection);
            loop.guard().accepted(connection, handler);
        }
        return true;
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
