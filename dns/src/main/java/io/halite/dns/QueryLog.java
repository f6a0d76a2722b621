package io.halite.dns;

import io.halite.config.Ticker;
import io.halite.dns.serve.QuerySamples;
import io.halite.dns.serve.QuerySamples.Sample;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Writes sampled queries to the log, from a thread of its own and never more than so many a second, whatever clients do.
 * The thread sleeps while no zone samples.
 */
final class QueryLog implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(QueryLog.class.getName());
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);
    /** How often it looks on after the last zone that samples has gone: for batches that began before. */
    private static final int LAST_LOOKS = 50;
    /** Lines a second. */
    static final int MOST_LINES = 200;

    private final Supplier<List<QuerySamples>> samples;
    private final Ticker ticker;
    private final LongAdder written = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private boolean sampling;
    private int looks;
    private boolean closed;
    private final ReentrantLock writing = new ReentrantLock();
    // Guarded by the lock for writing.
    private long second;
    private int lines;

    /** A log of what the workers of the moment take. */
    QueryLog(Supplier<List<QuerySamples>> samples, Ticker ticker) {
        this.samples = samples;
        this.ticker = ticker;
        Thread.ofVirtual().name("dns-query-log").start(this::run);
    }

    /** Whether a zone of the table that is about to be served samples queries. */
    void sample(boolean some) {
        lock.lock();
        try {
            looks = sampling && !some ? LAST_LOOKS : looks;
            sampling = some;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitLook()) {
                writeAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until it is time to look; false once closed. */
    private boolean awaitLook() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !sampling && looks == 0) {
                changed.await();
            }
            long left = PERIOD;
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            looks = Math.max(0, looks - 1);
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what was taken so far. */
    void writeAll() {
        writing.lock();
        try {
            samples.get().forEach(worker -> worker.drain(this::write));
        } finally {
            writing.unlock();
        }
    }

    private void write(Sample sample) {
        long now = ticker.nanos() / TimeUnit.SECONDS.toNanos(1);
        lines = now == second ? lines + 1 : 1;
        second = now;
        if (lines > MOST_LINES) {
            skipped.increment();
            return;
        }
        LOGGER.log(Level.INFO, () -> "dns query name=" + name(sample.name()) + " type=" + Type.string(sample.type())
                + " client=" + sample.client() + " rcode=" + Rcode.string(sample.rcode()) + " bytes=" + sample.size()
                + " transport=" + (sample.stream() ? "tcp" : "udp") + " dnssec=" + sample.secure());
        written.increment();
    }

    /** Escaped as in a master file, so that no client writes lines of its own. */
    private static String name(byte[] wire) {
        try {
            return new Name(wire).toString();
        } catch (IOException e) {
            return "?";
        }
    }

    long written() {
        return written.sum();
    }

    /** How many were taken, but not written: the log's rate or the workers' rings were exhausted. */
    long skipped() {
        return skipped.sum() + samples.get().stream().mapToLong(QuerySamples::missed).sum();
    }

    /** Writes the rest; nothing after it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        writeAll();
    }
}
