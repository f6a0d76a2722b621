package io.halite.health;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a thread alive that must not end: a step that throws is passed over, counted, and logged once for each kind of
 * failure. Safe for use by many threads.
 */
public final class Steadfast {
    private static final System.Logger LOGGER = System.getLogger(Steadfast.class.getName());
    private static final int KINDS_LOGGED = 20;

    private final String thread;
    private final AtomicLong failed = new AtomicLong();
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /**
     * Has passed over nothing yet.
     *
     * @param thread the name of what is kept alive, for the log
     */
    public Steadfast(String thread) {
        this.thread = thread;
    }

    /** Runs a step; whatever it throws ends here. */
    public void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            failed.incrementAndGet();
            StackTraceElement[] trace = bug.getStackTrace();
            String kind = bug.getClass().getName() + (trace.length == 0 ? "" : trace[0]);
            if (logged.size() < KINDS_LOGGED && logged.add(kind)) {
                LOGGER.log(System.Logger.Level.ERROR, "step failed and was passed over thread=" + thread, bug);
            }
        }
    }

    /** How many steps failed since the start. */
    public long failed() {
        return failed.get();
    }
}
