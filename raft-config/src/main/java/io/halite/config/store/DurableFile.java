package io.halite.config.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are replaced as a whole and survive a power cut: written aside, synced, renamed. Stateless. */
public final class DurableFile {
    private DurableFile() {}

    /** Writes a file that everybody may read. */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, "rw-r--r--");
    }

    /** Writes a file that only its owner may read, from its first byte on. */
    public static void writeSecret(Path file, byte[] content) throws IOException {
        write(file, content, "rw-------");
    }

    private static void write(Path file, byte[] content, String permissions) throws IOException {
        Path aside = aside(file);
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        // The umask may have taken bits away.
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString(permissions));
        replace(aside, file);
    }

    /** Where the new content of a file is written. */
    public static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    /** Puts a synced file in the place of another; afterwards the directory is synced too. */
    public static void replace(Path aside, Path file) throws IOException {
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory(file.toAbsolutePath().resolveSibling("."));
    }

    /** Makes the names in a directory survive a power cut. */
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
