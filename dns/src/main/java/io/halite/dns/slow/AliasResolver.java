package io.halite.dns.slow;

import io.halite.config.Ticker;
import io.halite.dns.policy.AliasBook;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the addresses of ALIAS targets outside our zones fresh: each is looked up again when its TTL ends, on its own
 * thread, and the last good answer is kept while lookups fail. Safe for use by many threads.
 */
public final class AliasResolver implements AliasBook, AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(AliasResolver.class.getName());
    private static final long SHORTEST = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST = Duration.ofHours(1).toNanos();
    private static final long RETRY = Duration.ofSeconds(10).toNanos();
    private static final long TURN_MILLIS = 500;

    private final AliasLookup lookup;
    private final Ticker ticker;
    private final Runnable changed;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The last good addresses, and when to look again. */
    private record Entry(List<InetAddress> addresses, long dueAt) {}

    /**
     * Starts without targets.
     *
     * @param changed called after addresses changed
     */
    public AliasResolver(AliasLookup lookup, Ticker ticker, Runnable changed) {
        this.lookup = lookup;
        this.ticker = ticker;
        this.changed = changed;
        Thread.ofVirtual().name("dns-alias").start(this::run);
    }

    /** Keeps these targets, absolute names without a final dot, and no others. */
    public void keep(Collection<String> targets) {
        entries.keySet().retainAll(Set.copyOf(targets));
        targets.forEach(target -> entries.putIfAbsent(target, new Entry(List.of(), ticker.nanos())));
    }

    @Override
    public List<InetAddress> addresses(String name) {
        Entry entry = entries.get(name);
        return entry == null ? List.of() : entry.addresses;
    }

    private void run() {
        try {
            while (!closed.await(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
                entries.forEach((name, entry) -> {
                    if (isDue(entry) && underWay.add(name)) {
                        Thread.ofVirtual().name("dns-alias-" + name).start(() -> refreshOnce(name));
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDue(Entry entry) {
        return entry.dueAt - ticker.nanos() <= 0;
    }

    private void refreshOnce(String name) {
        try {
            Entry before = entries.get(name);
            if (before != null && isDue(before)) {
                refresh(name, before);
            }
        } finally {
            underWay.remove(name);
        }
    }

    private void refresh(String name, Entry before) {
        try {
            AliasLookup.Found found = lookup.lookup(name);
            long wait = Math.clamp(found.ttl().toNanos(), SHORTEST, LONGEST);
            List<InetAddress> sorted = found.addresses().stream()
                    .sorted((a, b) -> a.getHostAddress().compareTo(b.getHostAddress())).toList();
            boolean kept = entries.computeIfPresent(name, (key, old) -> new Entry(sorted, ticker.nanos() + wait)) != null;
            if (kept && !sorted.equals(before.addresses)) {
                LOGGER.log(Level.INFO, "dns alias target has new addresses name={0} addresses={1}", name, sorted);
                changed.run();
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.DEBUG, "dns alias target not looked up name={0} reason=\"{1}\"", name, e.getMessage());
            entries.computeIfPresent(name, (key, old) -> new Entry(old.addresses, ticker.nanos() + RETRY));
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
