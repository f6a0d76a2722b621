package io.halite.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files and sockets this process may have open. */
final class Descriptors {
    private static final int UNKNOWN = 1_024;
    /** More than this no node of two cores can use, and tables grow with it. */
    private static final int MOST = 1_000_000;
    private static final String LINE = "Max open files";

    private Descriptors() {}

    /** The limit in force, as far as it can be told. */
    static int limit() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith(LINE)) {
                    String soft = line.substring(LINE.length()).strip().split("\\s+", -1)[0];
                    return soft.equals("unlimited") ? MOST : (int) Math.min(MOST, Long.parseLong(soft));
                }
            }
        } catch (IOException | NumberFormatException absent) {
            return UNKNOWN;
        }
        return UNKNOWN;
    }
}
