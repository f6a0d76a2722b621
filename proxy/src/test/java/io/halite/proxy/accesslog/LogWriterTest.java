package io.halite.proxy.accesslog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.accesslog.LogDestination.RotatedFile;
import io.halite.proxy.testing.Allocations;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {
    @TempDir
    private Path dir;

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static void offer(LogWriter writer, int loop, String text) {
        LineRing ring = writer.ring(loop);
        if (ring == null) {
            throw new AssertionError("no ring");
        }
        byte[] line = line(text);
        ring.offer(line, line.length);
    }

    @Test
    void linesOfAllLoopsReachTheFile() throws Exception {
        Path file = dir.resolve("deep/access.log");
        try (LogWriter writer = LogWriter.start(RotatedFile.at(file), 2)) {
            for (int i = 0; i < 100; i++) {
                offer(writer, i % 2, "line " + i);
            }
            await().until(() -> Files.exists(file) && Files.readAllLines(file).size() == 100);
            assertEquals(100, writer.written());
            assertEquals(0, writer.dropped());
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void whatIsThereAtTheEndIsWritten() throws IOException {
        Path file = dir.resolve("access.log");
        try (LogWriter writer = LogWriter.start(RotatedFile.at(file), 1)) {
            offer(writer, 0, "last words");
        }
        assertEquals(List.of("last words"), Files.readAllLines(file));
    }

    @Test
    void aRestartGoesOnInTheSameFile() throws IOException {
        Path file = dir.resolve("access.log");
        for (String word : List.of("one", "two")) {
            try (LogWriter writer = LogWriter.start(RotatedFile.at(file), 1)) {
                offer(writer, 0, word);
            }
        }
        assertEquals(List.of("one", "two"), Files.readAllLines(file));
    }

    /** What does not fit is dropped whole and counted: the loop that offers it never waits. */
    @Test
    void aRingThatIsFullDropsLines() {
        LineRing ring = new LineRing();
        byte[] line = line("x".repeat(1_023));
        int fit = 0;
        while (ring.offer(line, line.length)) {
            fit++;
        }
        assertEquals(LineRing.CAPACITY / 1_024, fit);
        assertEquals(1, ring.dropped());
        List<Integer> pieces = new ArrayList<>();
        assertEquals(LineRing.CAPACITY, ring.take((bytes, from, length) -> pieces.add(length)));
        assertTrue(ring.offer(line, line.length));
    }

    /** Lines around the end of the ring come out as they went in. */
    @Test
    void linesKeepTheirOrderAndTheirBytes() {
        LineRing ring = new LineRing();
        StringBuilder in = new StringBuilder();
        StringBuilder out = new StringBuilder();
        for (int round = 0; round < 3_000; round++) {
            byte[] line = line(round + "x".repeat(round % 1_500));
            assertTrue(ring.offer(line, line.length));
            in.append(new String(line, StandardCharsets.US_ASCII));
            if (round % 7 == 0) {
                ring.take((bytes, from, length) ->
                        out.append(new String(bytes, from, length, StandardCharsets.US_ASCII)));
            }
        }
        ring.take((bytes, from, length) -> out.append(new String(bytes, from, length, StandardCharsets.US_ASCII)));
        assertEquals(in.toString(), out.toString());
        assertEquals(0, ring.take((bytes, from, length) -> { }));
    }

    @Test
    void offeringAllocatesNothing() {
        LineRing ring = new LineRing();
        byte[] line = line("x".repeat(300));
        LineRing.Taker nobody = (bytes, from, length) -> { };
        Allocations.assertNone(() -> {
            ring.offer(line, line.length);
            ring.take(nobody);
        });
    }

    @Test
    void aGrownFileIsSetAside() throws Exception {
        Path file = dir.resolve("access.log");
        try (LogWriter writer = LogWriter.start(new RotatedFile(file, 1_000, 2), 1)) {
            for (int round = 1; round <= 4; round++) {
                String text = round + "x".repeat(1_500);
                offer(writer, 0, text);
                await().until(() -> Files.exists(file.resolveSibling("access.log.1"))
                        && Files.readString(file.resolveSibling("access.log.1")).equals(text + "\n"));
            }
            offer(writer, 0, "now");
            await().until(() -> Files.exists(file) && Files.readString(file).equals("now\n"));
        }
        try (var files = Files.list(dir)) {
            assertEquals(List.of("access.log", "access.log.1", "access.log.2"),
                    files.map(path -> path.getFileName().toString()).sorted().toList());
        }
        assertTrue(Files.readString(dir.resolve("access.log.2")).startsWith("3"));
    }

    /** As logrotate does it. */
    @Test
    void aFileThatWasMovedAwayIsBegunAnew() throws Exception {
        Path file = dir.resolve("access.log");
        try (LogWriter writer = LogWriter.start(RotatedFile.at(file), 1)) {
            offer(writer, 0, "before");
            await().until(() -> Files.exists(file) && Files.size(file) > 0);
            Files.move(file, dir.resolve("mine"));
            await().until(() -> {
                offer(writer, 0, "after");
                return Files.exists(file);
            });
        }
        assertTrue(Files.readAllLines(dir.resolve("mine")).contains("before"));
    }

    /** A destination that cannot be written costs lines, which are counted, until it can. */
    @Test
    void linesThatCannotBeWrittenAreCounted() throws Exception {
        Path file = Files.createDirectory(dir.resolve("access.log"));
        try (LogWriter writer = LogWriter.start(RotatedFile.at(file), 1)) {
            offer(writer, 0, "lost");
            await().until(() -> writer.dropped() == 1);
            assertEquals(0, writer.written());
            Files.delete(file);
            offer(writer, 0, "found");
            await().until(() -> Files.isRegularFile(file) && Files.readAllLines(file).equals(List.of("found")));
            assertEquals(1, writer.written());
        }
    }

    @Test
    void nowhereMeansNoRing() {
        try (LogWriter writer = LogWriter.start(new LogDestination.None(), 2)) {
            assertNull(writer.ring(0));
            assertFalse(writer.written() > 0);
        }
    }

    /** A reader of the log that does not read: requests go on, lines are lost, counted and told of once. */
    @Test
    void linesThatNobodyTakesAreToldOf() throws Exception {
        Path pipe = dir.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Logger logger = Logger.getLogger(LogWriter.class.getName());
        List<String> told = new CopyOnWriteArrayList<>();
        Handler ear = new Ear(told);
        logger.addHandler(ear);
        try (RandomAccessFile holder = new RandomAccessFile(pipe.toFile(), "rw");
                LogWriter writer = LogWriter.start(new RotatedFile(pipe, Long.MAX_VALUE, 0), 1)) {
            String text = "x".repeat(4_000);
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                for (int line = 0; line < 100; line++) {
                    offer(writer, 0, text);
                }
                return writer.dropped() > 200;
            });
            writer.look(0);
            writer.look(1);
            assertEquals(1, told.size(), told.toString());
            assertTrue(told.getFirst().startsWith("access log lines are dropped lines="), told.toString());
            writer.look(Duration.ofMinutes(2).toNanos());
            assertEquals("access log lines are not dropped any more all=" + writer.dropped(), told.getLast());
            assertTrue(holder.getFD().valid());
            new ProcessBuilder("cat", pipe.toString()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } finally {
            logger.removeHandler(ear);
        }
    }

    /** Hears what is logged. */
    private static final class Ear extends Handler {
        private final List<String> heard;

        Ear(List<String> heard) {
            this.heard = heard;
        }

        @Override
        public void publish(LogRecord line) {
            heard.add(line.getMessage());
        }

        @Override
        public void flush() {
            // Nothing waits.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
