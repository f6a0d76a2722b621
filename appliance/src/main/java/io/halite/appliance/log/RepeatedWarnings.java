package io.halite.appliance.log;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/**
 * Lets a library warn once of one thing in ten minutes: Raft warns of a peer that is down with each attempt to reach it,
 * and this node says itself when a peer is gone and when it is back. Messages that differ in numbers alone are one thing.
 * Safe for use by many threads.
 */
final class RepeatedWarnings implements Filter {
    private static final Duration QUIET = Duration.ofMinutes(10);
    private static final int REMEMBERED = 500;
    /** Numbers that stand alone; those of a node's id do not. */
    private static final Pattern NUMBERS = Pattern.compile("(?<![\\w-])\\d+(?![\\w-])");

    private final String libraries;
    private final Map<String, Instant> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** A filter for the loggers whose names begin so; all others pass. */
    RepeatedWarnings(String libraries) {
        this.libraries = libraries;
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        String logger = record.getLoggerName();
        boolean concerns = logger != null && logger.startsWith(libraries)
                && record.getLevel().intValue() <= Level.WARNING.intValue();
        return !concerns || isNews(logger + " " + NUMBERS.matcher(String.valueOf(record.getMessage())).replaceAll("#"),
                record.getInstant());
    }

    private synchronized boolean isNews(String what, Instant now) {
        Instant last = told.get(what);
        if (last != null && now.isBefore(last.plus(QUIET))) {
            return false;
        }
        told.put(what, now);
        return true;
    }
}
