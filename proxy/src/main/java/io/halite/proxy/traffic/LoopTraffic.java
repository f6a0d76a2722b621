package io.halite.proxy.traffic;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All counters of one loop. Its thread finds and writes them without a lock or a shared write; other threads read them
 * as they are and may be a few events late.
 */
public final class LoopTraffic {
    private static final int INITIAL = 64;

    // Only the loop's thread: open addressing over the ids of listener, route, pool and target.
    private long[] highs = new long[INITIAL];
    private long[] lows = new long[INITIAL];
    private @Nullable SeriesCounters[] found = new SeriesCounters[INITIAL];
    private int size;

    // Shared: grow-only.
    private final List<SeriesCounters> series = new CopyOnWriteArrayList<>();
    private final Map<String, ListenerCounters> listeners = new ConcurrentHashMap<>();
    private final Map<String, long[]> refused = new ConcurrentHashMap<>();

    /** The series of this pair of ids: listener and route, pool and target; null when there is none yet. */
    public @Nullable SeriesCounters find(long high, long low) {
        int mask = found.length - 1;
        for (int at = slot(high, low, mask);; at = at + 1 & mask) {
            SeriesCounters here = found[at];
            if (here == null || (highs[at] == high && lows[at] == low)) {
                return here;
            }
        }
    }

    /** Adds a series. */
    public SeriesCounters create(long high, long low, SeriesLabels labels) {
        if (2 * size >= found.length) {
            grow();
        }
        SeriesCounters created = new SeriesCounters(labels);
        put(high, low, created);
        size++;
        series.add(created);
        return created;
    }

    /** The counters of a listener, by label. */
    public ListenerCounters listener(String label) {
        return listeners.computeIfAbsent(label, ListenerCounters::new);
    }

    /** A request was refused for this reason. */
    public void refused(String reason) {
        refused.computeIfAbsent(reason, unknown -> new long[1])[0]++;
    }

    List<SeriesCounters> series() {
        return series;
    }

    Map<String, ListenerCounters> listeners() {
        return listeners;
    }

    Map<String, long[]> refused() {
        return refused;
    }

    private void grow() {
        long[] oldHighs = highs;
        long[] oldLows = lows;
        @Nullable SeriesCounters[] old = found;
        highs = new long[2 * old.length];
        lows = new long[2 * old.length];
        found = new SeriesCounters[2 * old.length];
        for (int at = 0; at < old.length; at++) {
            SeriesCounters kept = old[at];
            if (kept != null) {
                put(oldHighs[at], oldLows[at], kept);
            }
        }
    }

    private void put(long high, long low, SeriesCounters counters) {
        int mask = found.length - 1;
        int at = slot(high, low, mask);
        while (found[at] != null) {
            at = at + 1 & mask;
        }
        highs[at] = high;
        lows[at] = low;
        found[at] = counters;
    }

    private static int slot(long high, long low, int mask) {
        long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
        return (int) (mixed >>> 32) & mask;
    }
}
