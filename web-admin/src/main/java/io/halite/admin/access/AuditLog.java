package io.halite.admin.access;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of this node, by whom and with what result: the latest in memory, all of it in a file of JSON lines
 * that keeps one predecessor. Each line holds the hash of the one before, so that a line taken out is noticed. A file
 * that cannot be written stops no request. Safe for use by many threads.
 */
public final class AuditLog {
    private static final System.Logger LOGGER = System.getLogger(AuditLog.class.getName());
    private static final int RING = 1_000;
    private static final long MAX_FILE = 16L << 20;

    private final @Nullable Path file;
    // guarded by this
    private final Deque<Entry> ring = new ArrayDeque<>();
    private String previous;
    private boolean failing;

    /**
     * One thing that was asked.
     *
     * @param actor the name of the token; empty when it is not known
     * @param tokenId the id of the token; empty when it is not known
     * @param result the HTTP status
     */
    public record Entry(
            Instant time, String actor, String tokenId, String source, String method, String path, int result,
            String reason, String requestId) {

        /** The entry as the API tells it. */
        public Tree.MappingBuilder tree() {
            return Tree.mapping().put("time", time.toString()).put("actor", actor).put("tokenId", tokenId)
                    .put("source", source).put("method", method).put("path", path).put("result", result)
                    .put("reason", reason).put("requestId", requestId);
        }
    }

    /** A log in a file, or in memory only when it is null. */
    public AuditLog(@Nullable Path file) {
        this.file = file;
        this.previous = file == null ? "" : lastHash(file);
    }

    /** Adds an entry. */
    public synchronized void add(Entry entry) {
        ring.addFirst(entry);
        if (ring.size() > RING) {
            ring.removeLast();
        }
        if (file != null) {
            append(file, entry);
        }
    }

    /** The latest entries, newest first. */
    public synchronized List<Entry> latest(int limit) {
        List<Entry> entries = new ArrayList<>(ring);
        return List.copyOf(entries.subList(0, Math.min(limit, entries.size())));
    }

    private void append(Path to, Entry entry) {
        String line = TreeText.json(entry.tree().put("previous", previous).build());
        try {
            if (Files.exists(to) && Files.size(to) > MAX_FILE) {
                Files.move(to, to.resolveSibling(to.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Files.exists(to)) {
                Files.createFile(to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(to, line + "\n", StandardOpenOption.APPEND);
            previous = hash(line);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOGGER.log(System.Logger.Level.ERROR, "audit log cannot be written file=" + to + " cause=" + e);
            }
            failing = true;
        }
    }

    /** The hash of the last line of a file; empty when there is none. */
    private static String lastHash(Path file) {
        if (!Files.exists(file)) {
            return "";
        }
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.reduce((first, second) -> second).map(AuditLog::hash).orElse("");
        } catch (IOException | UncheckedIOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "audit log cannot be read file=" + file + " cause=" + e);
            return "";
        }
    }

    /** The hash of a line, which the following one holds. */
    public static String hash(String line) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
