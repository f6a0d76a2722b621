package io.halite.proxy.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds who holds a port, as far as Linux' {@code /proc} lets this process see. */
final class PortOwner {
    private static final String LISTENING = "0A";
    private static final int HEX = 16;

    private PortOwner() {}

    /** {@code " (process 1234, nginx)"}, or nothing when it cannot be told. */
    static String describe(InetSocketAddress address) {
        try {
            Set<String> inodes = new HashSet<>();
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                if (Files.isReadable(Path.of(table))) {
                    Files.readAllLines(Path.of(table)).forEach(line -> addInode(line, address.getPort(), inodes));
                }
            }
            return inodes.isEmpty() ? "" : owner(inodes);
        } catch (IOException | SecurityException hidden) {
            return "";
        }
    }

    private static void addInode(String line, int port, Set<String> inodes) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length > 9 && columns[3].equals(LISTENING)) {
            String local = columns[1].substring(columns[1].indexOf(':') + 1);
            if (Integer.parseInt(local, HEX) == port) {
                inodes.add("socket:[" + columns[9] + "]");
            }
        }
    }

    private static String owner(Set<String> inodes) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, inodes)) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return " (process " + process.getFileName() + ", " + name + ")";
                }
            }
        }
        return "";
    }

    private static boolean holds(Path process, Set<String> inodes) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (inodes.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException | SecurityException notOurs) {
            return false;
        }
        return false;
    }
}
