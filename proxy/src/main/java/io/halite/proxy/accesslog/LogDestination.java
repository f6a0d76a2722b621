package io.halite.proxy.accesslog;

import java.nio.file.Path;

/** Where the lines of the access log go. */
public sealed interface LogDestination {

    /** Nowhere: no line is even made. */
    record None() implements LogDestination {}

    /** The standard output of the process. */
    record StandardOutput() implements LogDestination {}

    /**
     * A file that is set aside when it has grown: {@code access.log} becomes {@code access.log.1}, that
     * {@code access.log.2} and so on. When another program moves it away, a new one is begun.
     *
     * @param bytes size from which it is set aside
     * @param kept files set aside at most
     */
    record RotatedFile(Path path, long bytes, int kept) implements LogDestination {
        private static final long BYTES = 64L << 20;
        private static final int KEPT = 4;

        /** A file that takes 320 MiB at most, those set aside included. */
        public static RotatedFile at(Path path) {
            return new RotatedFile(path, BYTES, KEPT);
        }
    }
}
