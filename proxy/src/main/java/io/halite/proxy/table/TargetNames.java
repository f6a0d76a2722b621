package io.halite.proxy.table;

import io.halite.config.Ticker;
import io.halite.config.document.Addresses;
import io.halite.proxy.balance.TargetEntry;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * Looks up the targets that are given by name, again and again. A target keeps its address while the name still has it,
 * and when the look-up fails: an address that once worked is worth more than none. The system's resolver blocks, so a
 * few threads of its own do the asking and one dead name does not hold up the others.
 */
public final class TargetNames implements AutoCloseable {
    /** How long an answer is used; the resolver of the JDK hides the TTL. */
    public static final Duration REFRESH = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int ASKERS = 3;
    private static final System.Logger LOGGER = System.getLogger(TargetNames.class.getName());

    private final Lookup lookup;
    private final Ticker ticker;
    private final Duration refresh;
    private final Map<String, Name> names = new ConcurrentHashMap<>();
    private final DelayQueue<Name> due = new DelayQueue<>();
    private final List<Thread> askers = new ArrayList<>();

    /** All addresses of a name; fails when there is none. */
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    /** Names that are looked up by the system's resolver. */
    public TargetNames(Ticker ticker) {
        this(InetAddress::getAllByName, ticker, REFRESH);
    }

    TargetNames(Lookup lookup, Ticker ticker, Duration refresh) {
        this.lookup = lookup;
        this.ticker = ticker;
        this.refresh = refresh;
    }

    /** Looks up the names of this table from now on and no others; new ones at once. */
    public synchronized void watch(ForwardingTable table) {
        Map<String, List<TargetEntry>> wanted = new HashMap<>();
        table.pools().values().forEach(pool -> pool.members().stream().filter(member -> member.entry().isNamed())
                .forEach(member -> wanted.computeIfAbsent(member.entry().address().host(), host -> new ArrayList<>())
                        .add(member.entry())));
        names.keySet().retainAll(wanted.keySet());
        wanted.forEach((host, targets) -> {
            Name known = names.get(host);
            if (known == null) {
                Name name = new Name(host, targets);
                names.put(host, name);
                due.add(name);
            } else {
                known.serve(targets);
            }
        });
        if (!names.isEmpty() && askers.isEmpty()) {
            for (int i = 0; i < ASKERS; i++) {
                askers.add(Thread.ofPlatform().daemon().name("target-names-" + i).start(this::ask));
            }
        }
    }

    private void ask() {
        try {
            while (true) {
                Name name = due.take();
                if (names.get(name.host) == name) {
                    name.resolve();
                    due.add(name);
                }
            }
        } catch (InterruptedException closing) {
            // Closed.
        }
    }

    /** Ends the threads. */
    @Override
    public synchronized void close() {
        askers.forEach(Thread::interrupt);
    }

    /** A name with the targets that are given by it. */
    private final class Name implements Delayed {
        private final String host;
        private List<TargetEntry> targets;
        private List<InetAddress> answer = List.of();
        private boolean failing;
        private volatile long dueAt = ticker.nanos();

        Name(String host, List<TargetEntry> targets) {
            this.host = host;
            this.targets = targets;
        }

        synchronized void serve(List<TargetEntry> current) {
            targets = current;
            answer.stream().findFirst().ifPresent(first -> apply());
        }

        void resolve() {
            try {
                List<InetAddress> addresses = List.copyOf(Arrays.asList(lookup.addresses(host)));
                answered(addresses);
            } catch (UnknownHostException unknown) {
                failed();
            }
            dueAt = ticker.nanos() + (failing ? RETRY : refresh).toNanos();
        }

        private synchronized void answered(List<InetAddress> addresses) {
            failing = false;
            answer = addresses;
            apply();
        }

        private synchronized void failed() {
            if (!failing) {
                failing = true;
                LOGGER.log(Level.WARNING, "target name not resolved host={0} keeping={1}", host, answer);
            }
        }

        private void apply() {
            for (TargetEntry target : targets) {
                InetSocketAddress known = target.socketAddress();
                if (known == null || !answer.contains(known.getAddress())) {
                    target.resolved(new InetSocketAddress(answer.getFirst(), target.address().port()));
                    LOGGER.log(Level.INFO, "target name resolved target={0} host={1} address={2}",
                            target.ref(), host, Addresses.text(answer.getFirst()));
                }
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueAt - ticker.nanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
