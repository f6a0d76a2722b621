package io.halite.appliance;

import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * What is done again and again, and goes on after a fault of ours: the fault is told once in the log, and as long as it
 * lasts in the status. Safe for use by many threads.
 */
final class EnduringTask {
    private static final System.Logger LOGGER = System.getLogger(EnduringTask.class.getName());

    private final String name;
    private final String consequence;
    private volatile String trouble = "";

    /**
     * A task that did not fail yet.
     *
     * @param name its words in the log
     * @param consequence what follows for users while it fails; begins a sentence
     */
    EnduringTask(String name, String consequence) {
        this.name = name;
        this.consequence = consequence;
    }

    /** Does it once; false when it failed, so that it is to be tried again soon. */
    boolean survives(Runnable round) {
        try {
            round.run();
        } catch (RuntimeException e) {
            if (trouble.isEmpty()) {
                LOGGER.log(Level.ERROR, name + " failed and is tried again", e);
            }
            trouble = consequence + " (" + e + "); this is a bug, and the log has more";
            return false;
        }
        if (!trouble.isEmpty()) {
            LOGGER.log(Level.INFO, name + " no longer fails");
            trouble = "";
        }
        return true;
    }

    /** What it fails by, one sentence. */
    Optional<String> trouble() {
        return Optional.of(trouble).filter(text -> !text.isEmpty());
    }
}
