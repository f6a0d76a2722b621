package io.halite.dns;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds out who has a port, from what Linux shows of sockets and processes. */
final class PortOwner {
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String TCP_LISTEN = "0A";

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private PortOwner() {}

    /** Name and id of a process that holds the port, such as {@code systemd-resolve (pid 512)}. */
    static Optional<String> of(int port) {
        Set<String> inodes = new HashSet<>();
        for (String table : List.of("udp", "udp6", "tcp", "tcp6")) {
            inodes.addAll(inodes(Path.of("/proc/net", table), port, table.startsWith("tcp")));
        }
        if (inodes.isEmpty()) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, inodes)) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(name + " (pid " + process.getFileName() + ")");
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Set<String> inodes(Path table, int port, boolean listening) {
        Set<String> inodes = new HashSet<>();
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        try {
            for (String line : Files.readAllLines(table)) {
                String[] fields = SPACES.split(line.strip(), -1);
                boolean isOpen = fields.length > INODE && fields[LOCAL].endsWith(suffix)
                        && (!listening || fields[STATE].equals(TCP_LISTEN));
                if (isOpen) {
                    inodes.add("socket:[" + fields[INODE] + "]");
                }
            }
        } catch (IOException unreadable) {
            return Set.of();
        }
        return inodes;
    }

    private static boolean holds(Path process, Set<String> inodes) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file) && inodes.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException gone) {
            return false;
        }
        return false;
    }
}
