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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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

    private NodeSettings settings(int adminPort) throws IOException {
        return new NodeSettings(data, "lb-1", LOCAL, LOCAL,
                new NodeSettings.Ports(adminPort, 0, NodeProcess.freePort()), NodeSettings.Place.ANYWHERE,
                LogDestination.RotatedFile.at(data.resolve("access.log")), null, null, false, false);
    }

    private static HandedSocket socket() throws IOException {
        return Successor.duplicates(List.of(new HandedSocket("tcp 127.0.0.1:1", 1))).getFirst();
    }

    private static boolean isOpen(HandedSocket socket) {
        return Files.exists(Path.of("/proc/self/fd/" + socket.descriptor()));
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
