package io.halite.appliance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.scenario.NodeProcess;
import io.halite.appliance.takeover.Successor;
import io.halite.config.Ticker;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.proxy.accesslog.LogDestination;
import io.halite.proxy.relay.HandedSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A node that cannot start with the sockets of another process closes them: once, and none of anybody else. */
@EnabledOnOs(OS.LINUX)
class InheritanceTest {
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    Path data;

    private Path mark = Path.of("");

    @BeforeEach
    void mark(@TempDir Path other) throws IOException {
        mark = other.toRealPath().resolve("mark");
    }

    private NodeSettings settings(int adminPort) throws IOException {
        return new NodeSettings(data, "lb-1", LOCAL, LOCAL,
                new NodeSettings.Ports(adminPort, 0, NodeProcess.freePort()), NodeSettings.Place.ANYWHERE,
                LogDestination.RotatedFile.at(data.resolve("access.log")), null, null, false, false,
                NodeSettings.Engines.BEST);
    }

    /** A duplicate of the only descriptor of a file, as a socket would be: what else gets its number is told from it. */
    private HandedSocket socket() throws IOException {
        try (OutputStream _ = Files.newOutputStream(mark); Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            int descriptor = Integer.parseInt(open.filter(this::isMark).findAny().orElseThrow().getFileName().toString());
            return Successor.duplicates(List.of(new HandedSocket("tcp 127.0.0.1:1", descriptor))).getFirst();
        }
    }

    private boolean isOpen(HandedSocket socket) {
        return isMark(Path.of("/proc/self/fd/" + socket.descriptor()));
    }

    private boolean isMark(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(mark);
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void theDataDirectoryIsInUse() throws Exception {
        HandedSocket socket = socket();
        assertTrue(isOpen(socket));
        try (DataDirectory mine = DataDirectory.open(data)) {
            assertThrows(DirectoryException.class, () -> Appliance.following(
                    List.of(socket), settings(0), Ticker.SYSTEM, InstantSource.system()), mine.path().toString());
        }
        assertFalse(isOpen(socket));
    }

    @Test
    void aPortIsInUse() throws Exception {
        Appliance.start(settings(0), Optional.empty(), Ticker.SYSTEM, InstantSource.system()).close();
        HandedSocket socket = socket();
        try (ServerSocket taken = new ServerSocket(0, 1, LOCAL)) {
            assertThrows(IOException.class, () -> Appliance.following(
                    List.of(socket), settings(taken.getLocalPort()), Ticker.SYSTEM, InstantSource.system()));
        }
        assertFalse(isOpen(socket));
    }
}
