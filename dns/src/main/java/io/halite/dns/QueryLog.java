package io.halite.dns;

import io.halite.config.Ticker;
import io.halite.dns.serve.QuerySamples;
import io.halite.dns.serve.QuerySamples.Sample;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Writes sampled queries to the log, from a thread of its own and never more than so many a second, whatever clients do.
 */
final class QueryLog implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(QueryLog.class.getName());
    private static final long PERIOD_MILLIS = 100;
    /** Lines a second. */
    static final int MOST_LINES = 200;

    private final Supplier<List<QuerySamples>> samples;
    private final Ticker ticker;
    private final LongAdder written = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final CountDownLatch closed = new CountDownLatch(1);
    private long second;
    private int lines;

    /** A log of what the workers of the moment take. */
    QueryLog(Supplier<List<QuerySamples>> samples, Ticker ticker) {
        this.samples = samples;
        this.ticker = ticker;
        Thread.ofVirtual().name("dns-query-log").start(this::run);
    }

    private void run() {
        try {
            while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                samples.get().forEach(worker -> worker.drain(this::write));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

    @Override
    public void close() {
        closed.countDown();
    }
}
