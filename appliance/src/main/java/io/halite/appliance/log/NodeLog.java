package io.halite.appliance.log;

import java.io.Console;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Sends everything that is logged in this process, by Halite and its libraries, to standard error: JSON lines, or
 * plain text when a person watches.
 */
public final class NodeLog {
    /** Kept, because a logger that nobody holds forgets its level. */
    private static final Logger LIBRARIES = Logger.getLogger("com.alipay.sofa");
    private static final Logger HELIDON = Logger.getLogger("io.helidon");
    /** Warns of each start without a snapshot, which is how every node begins. */
    private static final Logger SNAPSHOTS =
            Logger.getLogger("com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage");

    private NodeLog() {}

    /** Installs the format for a node of this name; replaces what was there. */
    public static void install(String node) {
        LogManager.getLogManager().reset();
        Handler handler = new ConsoleHandler();
        handler.setFormatter(format(node));
        handler.setLevel(Level.ALL);
        handler.setFilter(new RepeatedWarnings(LIBRARIES.getName()));
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        LIBRARIES.setLevel(Level.WARNING);
        HELIDON.setLevel(Level.WARNING);
        SNAPSHOTS.setLevel(Level.SEVERE);
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 went back to the console that is null without a terminal
    private static Formatter format(String node) {
        Console console = System.console();
        return console != null && console.isTerminal() ? new PlainLine() : new JsonLine(node);
    }
}
