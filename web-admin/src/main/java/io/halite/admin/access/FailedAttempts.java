package io.halite.admin.access;

import io.halite.config.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how often one source is told that its credentials are wrong. Only failures count: a caller with the right
 * token is never locked out, which an operator needs most during an attack. Safe for use by many threads.
 */
public final class FailedAttempts {
    /** As many in a burst, then one each {@link #PAUSE}. */
    static final int BURST = 10;
    static final Duration PAUSE = Duration.ofSeconds(6);
    private static final int MAX_SOURCES = 10_000;

    private final Ticker ticker;
    /** Source → the time when its burst is whole again; guarded by this. The least recent one goes first. */
    private final Map<String, Long> recovered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    public FailedAttempts(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Counts a failure; true when the source has had too many of them. */
    public synchronized boolean isTooMany(String source) {
        long now = ticker.nanos();
        long pause = PAUSE.toNanos();
        Long known = recovered.get(source);
        long from = known == null || known - now < 0 ? now : known;
        if (from - now > (BURST - 1) * pause) {
            return true;
        }
        recovered.put(source, from + pause);
        return false;
    }
}
