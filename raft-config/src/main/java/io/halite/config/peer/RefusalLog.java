package io.halite.config.peer;

import io.halite.config.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Logs what strangers cause: once per kind and place in ten minutes as a warning, otherwise as debugging, so that
 * nobody fills a disk from outside. Safe for use by many threads.
 */
public final class RefusalLog {
    private static final System.Logger LOGGER = System.getLogger(RefusalLog.class.getName());
    private static final long QUIET_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int REMEMBERED = 256;

    private final Ticker ticker;
    private final Map<String, Long> logged = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    public RefusalLog(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Logs that a stranger was refused. */
    public void log(String event, String place, String detail) {
        System.Logger.Level level = isNews(event + " " + place) ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        LOGGER.log(level, () -> event + " remote=" + place + " reason=" + detail);
    }

    /** The same where there are several kinds, by a stable code: each is news once. */
    public void log(String event, String place, String code, String detail) {
        System.Logger.Level level =
                isNews(event + " " + place + " " + code) ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        LOGGER.log(level, () -> event + " remote=" + place + " code=" + code + " reason=" + detail);
    }

    private synchronized boolean isNews(String key) {
        long now = ticker.nanos();
        Long last = logged.get(key);
        if (last != null && now - last < QUIET_NANOS) {
            return false;
        }
        logged.put(key, now);
        return true;
    }
}
