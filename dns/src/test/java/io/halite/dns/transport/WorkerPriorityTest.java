package io.halite.dns.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.xbill.DNS.Type;

/** A flood of queries leaves the greater part of a core to whoever else wants it. */
@Isolated("it binds the DNS workers of the whole process to one core")
class WorkerPriorityTest {
    private static final Path TASKS = Path.of("/proc/self/task");
    /** Of the fields behind the name of a thread: its niceness. */
    private static final int NICENESS = 16;
    private static final double BILLION = 1e9;

    /** A thread as the kernel knows it. */
    private record Task(Path path) {
        /** Empty for a thread that has ended meanwhile. */
        String name() {
            try {
                return Files.readString(path.resolve("comm")).strip();
            } catch (IOException ended) {
                return "";
            }
        }

        int niceness() {
            String stat = read("stat");
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICENESS]);
        }

        /** Seconds on a processor. */
        double spent() {
            return Long.parseLong(read("schedstat").split(" ", -1)[0]) / BILLION;
        }

        /** From now on it runs on this processor only. */
        void pin(String processor) throws IOException, InterruptedException {
            Process taskset = new ProcessBuilder("taskset", "-pc", processor, path.getFileName().toString())
                    .redirectErrorStream(true).start();
            byte[] said = taskset.getInputStream().readAllBytes();
            assertEquals(0, taskset.waitFor(), new String(said, StandardCharsets.UTF_8));
        }

        private String read(String file) {
            try {
                return Files.readString(path.resolve(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void needsTheKernelsCalls() {
        assumeTrue(NativeDatagrams.isSupported() && Files.isExecutable(Path.of("/usr/bin/taskset")),
                "needs Linux with taskset");
    }

    private static List<Task> tasks(String name) {
        try (Stream<Path> all = Files.list(TASKS)) {
            return all.map(Task::new).filter(task -> task.name().startsWith(name)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFloodLeavesMostOfACoreToAnotherThread() throws Exception {
        AtomicBoolean ends = new AtomicBoolean();
        try (DnsResponder responder = Responders.start(Responders.settings(Engine.NATIVE, 1), SampleZones.state(true, false),
                SampleZones.nodes(), new FakeHealth())) {
            await().until(() -> !tasks("dns-udp-").isEmpty()
                    && tasks("dns-udp-").stream().allMatch(task -> task.niceness() > 0));
            Thread busy = Thread.ofPlatform().daemon().name("busy-neighbour").start(() -> {
                while (!ends.get()) {
                    Thread.onSpinWait();
                }
            });
            Thread flood = Thread.ofPlatform().daemon().name("flood").start(() -> flood(responder, ends));
            await().until(() -> tasks("busy-neighbour").size() == 1);
            Task neighbour = tasks("busy-neighbour").getFirst();
            List<Task> workers = tasks("dns-udp-");
            String processor = Files.readString(Path.of("/proc/self/status")).lines()
                    .filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow()
                    .replaceAll("[^0-9]*([0-9]+).*", "$1");
            neighbour.pin(processor);
            for (Task worker : workers) {
                worker.pin(processor);
            }
            double before = neighbour.spent();
            double workersBefore = workers.stream().mapToDouble(Task::spent).sum();
            await().until(() -> neighbour.spent() > before + 1);
            double theirs = workers.stream().mapToDouble(Task::spent).sum() - workersBefore;
            double others = neighbour.spent() - before;
            ends.set(true);
            flood.join();
            busy.join();
            assertTrue(theirs < 0.6 * others, "workers had " + theirs + " s, the neighbour " + others);
        }
    }

    private static void flood(DnsResponder responder, AtomicBoolean ends) {
        byte[] query = Responders.ednsQuery("shop.lb.example.net.", Type.A).toWire();
        try (DatagramSocket socket = new DatagramSocket()) {
            DatagramPacket packet = new DatagramPacket(query, query.length, InetAddress.getLoopbackAddress(),
                    responder.address().orElseThrow().getPort());
            while (!ends.get()) {
                socket.send(packet);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
