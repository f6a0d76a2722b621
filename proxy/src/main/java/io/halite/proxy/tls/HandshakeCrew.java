package io.halite.proxy.tls;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few threads for what takes long in handshakes: signatures and key agreement. Few, because it is arithmetic, and of
 * their own, so that a flood of handshakes delays handshakes and nothing else.
 */
public final class HandshakeCrew implements Executor, AutoCloseable {
    private static final long KEEP_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    /** A crew of at most so many. */
    public HandshakeCrew(int size) {
        threads = new ThreadPoolExecutor(size, size, KEEP_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("tls-handshake-", 0).daemon(true).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Handshakes under way come to nothing. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
