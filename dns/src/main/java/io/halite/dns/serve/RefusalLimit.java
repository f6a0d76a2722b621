package io.halite.dns.serve;

import io.halite.config.Ticker;
import io.halite.dns.wire.Client;
import java.net.InetAddress;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The rate limit of what the slow path refuses over UDP, where addresses may be forged. Nothing is sent truncated in its
 * stead: over TCP it would be refused all the same. Safe for use by many threads.
 */
public final class RefusalLimit {
    private static final int KIND = 0;

    private final Ticker ticker;
    private final RateLimit limit;
    private final ReentrantLock lock = new ReentrantLock();

    public RefusalLimit(FastPathSettings settings) {
        ticker = settings.ticker();
        limit = new RateLimit(settings.responsesPerSecond(), 0, settings.exempt(), settings.seed());
    }

    /** Takes one response from a client's allowance; false when it is used up. */
    public boolean allows(InetAddress address) {
        Client client = new Client();
        client.set(address);
        if (!limit.concerns(client)) {
            return true;
        }
        lock.lock();
        try {
            return limit.take(client, KIND, (int) (ticker.nanos() / 1000)) == RateLimit.Verdict.SEND;
        } finally {
            lock.unlock();
        }
    }
}
