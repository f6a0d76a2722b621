package io.halite.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    /** Before an IPv4 address in a table of IPv6. */
    private static final String MAPPED = "0000000000000000"
            + (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "FFFF0000" : "0000FFFF");

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private PortOwner() {}

    /** Name and id of a process that keeps others from the address, such as {@code systemd-resolve (pid 512)}. */
    static Optional<String> of(InetSocketAddress address) {
        Set<String> inodes = new HashSet<>();
        for (String table : List.of("udp", "udp6", "tcp", "tcp6")) {
            inodes.addAll(inodes(Path.of("/proc/net", table), address, table.startsWith("tcp")));
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

    private static Set<String> inodes(Path table, InetSocketAddress address, boolean listening) {
        Set<String> inodes = new HashSet<>();
        try {
            for (String line : Files.readAllLines(table)) {
                String[] fields = SPACES.split(line.strip(), -1);
                boolean isOpen = fields.length > INODE && clashes(fields[LOCAL], address)
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

    /** Whether a local address of the table, such as {@code 0100007F:0035}, leaves no place for ours. */
    private static boolean clashes(String local, InetSocketAddress ours) {
        int colon = local.indexOf(':');
        String host = local.substring(0, Math.max(0, colon));
        boolean isAny = host.chars().allMatch(digit -> digit == '0');
        String own = hex(ours.getAddress());
        return local.endsWith(String.format(Locale.ROOT, ":%04X", ours.getPort()))
                && (isAny || ours.getAddress().isAnyLocalAddress() || host.equals(own) || host.equals(MAPPED + own));
    }

    /** Words of four bytes, each as the machine stores it. */
    private static String hex(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress()).order(ByteOrder.nativeOrder());
        StringBuilder hex = new StringBuilder();
        while (bytes.hasRemaining()) {
            hex.append(String.format(Locale.ROOT, "%08X", bytes.getInt()));
        }
        return hex.toString();
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
