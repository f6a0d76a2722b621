package io.halite.config.membership;

import io.halite.config.store.DirectoryTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds everything one node keeps, opened for this process alone. Which file is what is known here
 * and nowhere else.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Opens a directory, making it when it is not there.
     *
     * @throws DirectoryException naming the process that has it open, or what else is in the way
     */
    public static DataDirectory open(Path path) throws DirectoryException {
        FileChannel channel = null;
        try {
            if (!Files.exists(path)) {
                Files.createDirectories(path, PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rwxr-x---")));
            }
            channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = read(channel);
                channel.close();
                throw new DirectoryException("the data directory " + path + " is in use by process "
                        + (holder.isEmpty() ? "of another node" : holder),
                        "stop that process, or give this node another directory with --data");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(
                    Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
            return new DataDirectory(path, channel);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new DirectoryException("the data directory " + path + " cannot be used: " + e,
                    "check that it is a directory that this user may write to", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // This very process has it open already.
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // The first failure is the one to report.
        }
    }

    public Path path() {
        return path;
    }

    /** Whether this directory belongs to a member of a cluster, however damaged. */
    public boolean isMember() {
        return Files.exists(identity()) || Files.exists(raft());
    }

    Path identity() {
        return path.resolve("identity.json");
    }

    /** The certificate of the cluster's authority, which clients trust. */
    public Path authority() {
        return path.resolve("ca.pem");
    }

    /** The node's key and certificate, in one file so that they are replaced together. */
    Path nodeCertificate() {
        return path.resolve("node.pem");
    }

    Path clusterKey() {
        return path.resolve("cluster.key");
    }

    /** What a new cluster writes into its store first; gone once it has. */
    Path founding() {
        return path.resolve("founding.json");
    }

    /** Whether this node has made a new cluster that has not begun to work. */
    public boolean isFounding() {
        return Files.exists(founding());
    }

    /** Raft's log, term and vote, and its snapshots. */
    public Path raft() {
        return path.resolve("raft");
    }

    Path raftIdentity() {
        return raft().resolve("identity.json");
    }

    public Path raftLog() {
        return raft().resolve("log");
    }

    public Path raftMeta() {
        return raft().resolve("meta");
    }

    public Path raftSnapshots() {
        return raft().resolve("snapshot");
    }

    /** The applied state. */
    public Path state() {
        return path.resolve("state");
    }

    /** What a node that is joining must remember to be the same node when it tries again. */
    Path joining() {
        return path.resolve("joining.json");
    }

    /** The cluster's answer to a request to join, until the node has become a member by it. */
    Path joined() {
        return path.resolve("joined.json");
    }

    /** Whether this node is to become a member of a cluster that has let it in, whatever it was before. */
    public boolean isJoining() {
        return Files.exists(joined());
    }

    /** There while this node becomes the whole cluster. */
    Path recovering() {
        return path.resolve("recovering");
    }

    /** The authority's word for the generation that the cluster was recovered to. */
    Path generationProof() {
        return path.resolve("generation.proof");
    }

    /** Says why this node must not take part any more. */
    Path expelled() {
        return path.resolve("expelled");
    }

    /** The last known addresses of the other nodes. */
    public Path peers() {
        return path.resolve("peers.json");
    }

    /** Removes everything that makes it a member of a cluster; the last known good config stays. */
    public void abandon() throws IOException {
        for (Path file : new Path[] {identity(), authority(), nodeCertificate(), clusterKey(), founding(),
                peers(), joining(), recovering(), generationProof(),
                expelled()}) {
            Files.deleteIfExists(file);
        }
        DirectoryTree.delete(raft());
        DirectoryTree.delete(state());
    }

    /** Gives the directory free for another process. */
    @Override
    public void close() {
        closeQuietly(lockFile);
    }
}
