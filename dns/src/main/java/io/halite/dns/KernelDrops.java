package io.halite.dns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the kernel threw away because a socket's buffer was full, as Linux tells of each socket. */
final class KernelDrops {
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final int LOCAL = 1;

    private KernelDrops() {}

    /** Datagrams lost at the open sockets of a UDP port; 0 where nobody tells. */
    static long of(int port) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        long drops = 0;
        for (String table : List.of("udp", "udp6")) {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
                    String[] fields = SPACES.split(line.strip(), -1);
                    if (fields.length > LOCAL && fields[LOCAL].endsWith(suffix)) {
                        drops += Long.parseLong(fields[fields.length - 1]);
                    }
                }
            } catch (IOException | NumberFormatException untold) {
                return 0;
            }
        }
        return drops;
    }
}
