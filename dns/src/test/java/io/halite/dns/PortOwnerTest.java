package io.halite.dns;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who has a port at an address, and who has it at another one and is in nobody's way. */
class PortOwnerTest {
    @BeforeEach
    void linux() {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/udp")), "no Linux");
    }

    private static Optional<String> owner(String address, int port) {
        return PortOwner.of(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    /** With a port of another number each time: somebody else may happen to have the first one. */
    private static void await(boolean isNamed, Callable<Optional<String>> owner) {
        String self = "(pid " + ProcessHandle.current().pid() + ")";
        Awaitility.await().until(owner, told -> isNamed ? told.orElse("").endsWith(self) : told.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1, true", "127.0.0.1, 127.0.0.2, false", "127.0.0.1, 0.0.0.0, true",
            "0.0.0.0, 127.0.0.2, true"})
    void onlyWhoIsInTheWayIsNamed(String taken, String wanted, boolean isNamed) {
        await(isNamed, () -> {
            try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral(taken))) {
                return owner(wanted, socket.getLocalPort());
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "127.0.0.2, false"})
    void streamsAreInTheWayToo(String wanted, boolean isNamed) {
        await(isNamed, () -> {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                return owner(wanted, socket.getLocalPort());
            }
        });
    }
}
