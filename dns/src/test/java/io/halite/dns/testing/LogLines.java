package io.halite.dns.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What one class logs at INFO and above, by whichever test, from now until closed; it goes nowhere else. */
public final class LogLines extends Handler implements AutoCloseable {
    private final Logger logger;
    private final Formatter formatter = new SimpleFormatter();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    /** Listens to a class. */
    public static LogLines of(Class<?> speaker) {
        return of(speaker.getName());
    }

    /** Listens to a class that is known by name alone. */
    public static LogLines of(String speaker) {
        LogLines heard = new LogLines(Logger.getLogger(speaker));
        heard.logger.addHandler(heard);
        heard.logger.setUseParentHandlers(false);
        return heard;
    }

    /** The lines so far, each as its level and its message. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord entry) {
        lines.add(entry.getLevel() + " " + formatter.formatMessage(entry));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
