package io.halite.appliance.takeover;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.proxy.relay.HandedSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
    @TempDir
    Path dir;

    @BeforeEach
    void supported() {
        assumeTrue(UnixSocket.isSupported(), "Linux only");
    }

    @Test
    void descriptorsArriveAsOnesOfTheReceiver() throws Exception {
        Path path = dir.resolve("s");
        try (UnixSocket server = UnixSocket.listen(path)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            try (UnixSocket client = UnixSocket.connect(path); UnixSocket other = accept(server)) {
                client.send(new UnixSocket.Message("two of them", List.of(1, 2)));
                UnixSocket.Message message = other.receive(Duration.ofSeconds(10)).orElseThrow();
                assertEquals("two of them", message.text());
                assertEquals(2, message.descriptors().size());
                for (int descriptor : message.descriptors()) {
                    assertTrue(descriptor > 2 && Files.exists(Path.of("/proc/self/fd/" + descriptor)), "one of its own");
                    new HandedSocket("", descriptor).close();
                }
            }
        }
    }

    @Test
    void whoTakesNothingHoldsNobodyUp() throws Exception {
        Path path = dir.resolve("s");
        try (UnixSocket server = UnixSocket.listen(path); UnixSocket client = UnixSocket.connect(path);
                UnixSocket other = accept(server)) {
            UnixSocket.Message message = new UnixSocket.Message("x".repeat(10_000), List.of());
            IOException failed = assertThrows(IOException.class, () -> {
                while (true) {
                    client.send(message, Duration.ofMillis(200));
                }
            });
            assertEquals("the other side takes nothing", failed.getMessage());
            assertTrue(other.receive(Duration.ofSeconds(10)).isPresent(), "what was sent is there all the same");
        }
    }

    @Test
    void manySocketsTakeSeveralMessages() throws Exception {
        try (Door door = Door.open(dir).orElseThrow()) {
            FutureTask<List<HandedSocket>> coming = new FutureTask<>(() -> {
                try (Predecessor predecessor = Predecessor.call(dir, Duration.ofSeconds(7)).orElseThrow()) {
                    List<HandedSocket> sockets = predecessor.sockets();
                    predecessor.tellServing();
                    return sockets;
                }
            });
            Thread.ofPlatform().start(coming);
            try (Successor successor = caller(door)) {
                assertEquals(Duration.ofSeconds(7), successor.deadline());
                assertEquals(ProcessHandle.current().pid(), successor.pid());
                List<HandedSocket> many = new ArrayList<>();
                for (int at = 0; at < 2 * UnixSocket.MAX_DESCRIPTORS + 1; at++) {
                    many.add(new HandedSocket("tcp place " + at, 1));
                }
                successor.give(many);
                assertTrue(successor.awaitServing(Duration.ofSeconds(10)));
                List<HandedSocket> got = coming.get(120, TimeUnit.SECONDS);
                assertEquals(many.stream().map(HandedSocket::place).toList(),
                        got.stream().map(HandedSocket::place).toList());
                got.forEach(HandedSocket::close);
            }
        }
        assertTrue(Predecessor.call(dir, Duration.ofSeconds(7)).isEmpty(), "a door that is closed is gone");
    }

    @Test
    void strangersAndQuittersAreNoSuccessors() throws Exception {
        try (Door door = Door.open(dir).orElseThrow()) {
            try (UnixSocket stranger = UnixSocket.connect(Door.path(dir))) {
                stranger.send(new UnixSocket.Message("hello", List.of()));
                assertTrue(door.caller().isEmpty());
            }
            Predecessor.call(dir, Duration.ofSeconds(7)).orElseThrow().close();
            try (Successor successor = caller(door)) {
                assertTrue(!successor.awaitServing(Duration.ofSeconds(10)));
            }
        }
    }

    @Test
    void aPathThatIsTooLongIsRefused() {
        Path path = dir.resolve("x".repeat(110));
        assertThrows(IOException.class, () -> UnixSocket.listen(path));
        assertTrue(Door.open(path).isEmpty());
    }

    @Test
    void aSupervisorIsTold() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 plays the supervisor");
        Path path = dir.resolve("notify");
        Process supervisor = new ProcessBuilder("/usr/bin/python3", "-c", """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind(sys.argv[1])
                print(s.recv(99).decode(), s.recv(99).decode())
                """, path.toString()).start();
        await().until(() -> Files.exists(path));
        ServiceNotice notice = new ServiceNotice(Optional.of(path.toString()));
        notice.ready();
        notice.followedBy(4711);
        assertEquals("READY=1 MAINPID=4711",
                new String(supervisor.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    private static UnixSocket accept(UnixSocket server) {
        return server.accept().orElseThrow();
    }

    private static Successor caller(Door door) {
        return await().until(door::caller, Optional::isPresent).orElseThrow();
    }
}
