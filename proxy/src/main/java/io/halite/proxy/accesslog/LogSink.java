package io.halite.proxy.accesslog;

import io.halite.proxy.accesslog.LogDestination.RotatedFile;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open end of a destination. What it cannot write is lost and counted. Confined to the writer's thread. */
final class LogSink implements LineRing.Taker {
    private static final System.Logger LOGGER = System.getLogger(LogSink.class.getName());
    /** Clients' addresses are nobody else's business. */
    private static final String OWNER_ONLY = "rw-------";

    private final @Nullable RotatedFile file;
    private @Nullable FileChannel channel;
    private long size;
    private long lost;
    /** Failures since the last success: the first is logged. */
    private long failures;

    LogSink(RotatedFile file) {
        this.file = file;
    }

    private LogSink(FileChannel output) {
        file = null;
        channel = output;
    }

    // The process' own output is not ours to close.
    @SuppressWarnings("resource")
    static LogSink standardOutput() {
        return new LogSink(new FileOutputStream(FileDescriptor.out).getChannel());
    }

    @Override
    public void take(byte[] bytes, int from, int length) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
        try {
            FileChannel out = open();
            while (rest.hasRemaining()) {
                size += out.write(rest);
            }
            failures = 0;
        } catch (IOException failed) {
            lost += lines(bytes, rest.position(), rest.limit());
            abandon(failed);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel present = channel;
        if (present != null) {
            return present;
        }
        if (file == null) {
            throw new IOException("the output is closed");
        }
        Path directory = file.path().toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        FileChannel opened = FileChannel.open(file.path(),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        channel = opened;
        size = opened.size();
        return opened;
    }

    private static int lines(byte[] bytes, int from, int to) {
        int lines = 0;
        for (int at = from; at < to; at++) {
            lines += bytes[at] == '\n' ? 1 : 0;
        }
        return lines;
    }

    private void abandon(IOException failed) {
        failures++;
        if (failures == 1) {
            LOGGER.log(System.Logger.Level.WARNING, "access log not written reason=" + failed.getMessage());
        }
        if (file != null) {
            close();
        }
    }

    /** Between two turns of the writer: sets a grown file aside, and begins a new one when ours was moved away. */
    void turnOver() {
        if (file == null || channel == null) {
            return;
        }
        try {
            if (size >= file.bytes()) {
                close();
                setAside(file);
            } else if (!Files.exists(file.path())) {
                close();
            }
        } catch (IOException failed) {
            abandon(failed);
        }
    }

    private static void setAside(RotatedFile file) throws IOException {
        for (int number = file.kept() - 1; number >= 1; number--) {
            Path older = numbered(file.path(), number);
            if (Files.exists(older)) {
                Files.move(older, numbered(file.path(), number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (file.kept() == 0) {
            Files.delete(file.path());
        } else {
            Files.move(file.path(), numbered(file.path(), 1), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path numbered(Path path, int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /** Lines that could not be written. */
    long lost() {
        return lost;
    }

    void close() {
        FileChannel open = channel;
        if (file == null || open == null) {
            return;
        }
        channel = null;
        try {
            open.close();
        } catch (IOException ignored) {
            // Nothing of it is lost: every write was complete.
        }
    }
}
