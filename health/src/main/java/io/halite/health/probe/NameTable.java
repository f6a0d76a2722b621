package io.halite.health.probe;

import io.halite.config.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of targets that are written as DNS names: asked again every few seconds, the last good answer kept.
 * The system resolver blocks in native code, which would hold a carrier of the virtual threads, so a few platform
 * threads of its own do the asking. Safe for use by many threads.
 */
final class NameTable implements AutoCloseable {
    private static final Duration REFRESH = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int ASKERS = 3;

    private final Ticker ticker;
    private final Map<String, Name> names = new ConcurrentHashMap<>();
    private final DelayQueue<Name> due = new DelayQueue<>();
    private final Thread[] askers = new Thread[ASKERS];
    private volatile boolean closed;

    NameTable(Ticker ticker) {
        this.ticker = ticker;
    }

    /** What is known of a name. */
    record Answer(@Nullable InetAddress address, boolean asked) {}

    /** Keeps exactly these names; starts asking for new ones. */
    synchronized void keep(Collection<String> wanted) {
        names.keySet().retainAll(wanted);
        for (String host : wanted) {
            names.computeIfAbsent(host, this::begin);
        }
        if (!names.isEmpty() && askers[0] == null && !closed) {
            for (int i = 0; i < ASKERS; i++) {
                askers[i] = Thread.ofPlatform().daemon().name("probe-names-" + i).start(this::ask);
            }
        }
    }

    /** The last good address; a memory read. */
    Answer lookup(String host) {
        Name name = names.get(host);
        return name == null ? new Answer(null, false) : name.answer;
    }

    private Name begin(String host) {
        Name name = new Name(host);
        due.add(name);
        return name;
    }

    private void ask() {
        while (!closed) {
            try {
                resolve(due.take());
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    private void resolve(Name name) {
        if (names.get(name.host) != name) {
            return;
        }
        boolean good = false;
        try {
            InetAddress[] found = InetAddress.getAllByName(name.host);
            InetAddress known = name.answer.address();
            // Stays with one address as long as the name has it: another order of answers is no change of target.
            boolean kept = known != null && Arrays.asList(found).contains(known);
            name.answer = new Answer(kept ? known : found[0], true);
            good = true;
        } catch (UnknownHostException unknown) {
            name.answer = new Answer(name.answer.address(), true);
        }
        name.dueAt = ticker.nanos() + (good ? REFRESH : RETRY).toNanos();
        due.add(name);
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Thread asker : askers) {
            if (asker != null) {
                asker.interrupt();
            }
        }
    }

    /** One name with the tick at which to ask again. */
    private final class Name implements Delayed {
        private final String host;
        private volatile Answer answer = new Answer(null, false);
        private volatile long dueAt = ticker.nanos();

        Name(String host) {
            this.host = host;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueAt - ticker.nanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(getDelay(TimeUnit.NANOSECONDS) - other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
