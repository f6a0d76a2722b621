package io.halite.config.membership;

import io.halite.config.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Checks that a data directory is whole. A voter that forgot its log, term or vote could undo what the cluster has
 * acknowledged, so anything half-deleted or mixed from two nodes is refused rather than repaired. Stateless.
 */
public final class MemberFiles {
    /** The way out when what a node has cannot be used any more. */
    public static final String REJOIN = "remove this node on another member (halite node remove), move the data directory"
            + " aside and join again (halite run --join PEER --token T); a cluster of one: restore a backup";

    /** The same for a node that is no member any more. */
    public static final String EXPELLED = "move the data directory aside and join again (halite run --join PEER --token T)";

    private MemberFiles() {}

    /** The identity of a whole directory. */
    static NodeIdentity check(DataDirectory directory) throws DirectoryException {
        if (Files.exists(directory.expelled())) {
            throw new DirectoryException(text(directory.expelled()).strip(), EXPELLED);
        }
        if (!Files.exists(directory.identity())) {
            throw new DirectoryException(directory.identity() + " is missing, but Raft's data is there", REJOIN);
        }
        NodeIdentity identity = NodeIdentity.read(directory.identity());
        for (Path needed : new Path[] {directory.authority(), directory.nodeCertificate(), directory.clusterKey()}) {
            require(needed, "");
        }
        require(directory.raftIdentity(), ": Raft's data was deleted, and with it what this node voted");
        NodeIdentity inside = NodeIdentity.read(directory.raftIdentity());
        if (!inside.nodeId().equals(identity.nodeId()) || !inside.clusterId().equals(identity.clusterId())) {
            throw new DirectoryException(directory.raft() + " belongs to node " + inside.nodeId() + " of cluster "
                    + inside.clusterId() + ", the rest of the directory to node " + identity.nodeId() + " of cluster "
                    + identity.clusterId(), "put the right directories together again, or " + REJOIN);
        }
        if (inside.started()) {
            require(directory.raftMeta().resolve("raft_meta"), ": what this node voted is lost");
            require(directory.raftLog().resolve("CURRENT"), ": the Raft log was deleted");
        }
        return finishRecovery(directory, identity, inside);
    }

    /** A recovery writes the new generation inside first; if it died there, it is finished here. */
    private static NodeIdentity finishRecovery(DataDirectory directory, NodeIdentity identity, NodeIdentity inside)
            throws DirectoryException {
        if (inside.generation() == identity.generation()) {
            return inside;
        }
        if (inside.generation() < identity.generation()) {
            throw new DirectoryException(directory.raft() + " is of generation " + inside.generation()
                    + ", the rest of the directory of generation " + identity.generation(), REJOIN);
        }
        try {
            inside.write(directory.identity());
            return inside;
        } catch (IOException e) {
            throw new DirectoryException("writing " + directory.identity() + " failed: " + e, "", e);
        }
    }

    private static void require(Path file, String consequence) throws DirectoryException {
        if (!Files.exists(file)) {
            throw new DirectoryException(file + " is missing" + consequence, REJOIN);
        }
    }

    static String text(Path file) throws DirectoryException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DirectoryException(file + " cannot be read: " + e, "check its owner and mode", e);
        }
    }

    static void write(Path file, String text) throws IOException {
        DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static void writeSecret(Path file, String text) throws IOException {
        DurableFile.writeSecret(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
