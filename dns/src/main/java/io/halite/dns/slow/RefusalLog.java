package io.halite.dns.slow;

import io.halite.config.Ticker;
import io.halite.config.document.Addresses;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.xbill.DNS.Name;

/**
 * Tells an operator who was refused and why, one line in ten seconds at most, however many there are: strangers cannot fill
 * the log. Safe for use by many threads.
 */
final class RefusalLog {
    private static final System.Logger LOGGER = System.getLogger(RefusalLog.class.getName());
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private long last;
    private long untold;

    RefusalLog(Ticker ticker) {
        this.ticker = ticker;
        last = ticker.nanos() - PAUSE;
    }

    /** A request about a zone of ours was refused. */
    void tell(Name zone, InetAddress client, String reason) {
        long more;
        lock.lock();
        try {
            long now = ticker.nanos();
            if (now - last < PAUSE) {
                untold++;
                return;
            }
            last = now;
            more = untold;
            untold = 0;
        } finally {
            lock.unlock();
        }
        LOGGER.log(Level.INFO, "dns request refused zone={0} client={1} reason=\"{2}\" untoldBefore={3}", zone,
                Addresses.text(client), reason, more);
    }
}
