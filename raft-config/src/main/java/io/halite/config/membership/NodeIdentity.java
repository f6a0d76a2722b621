package io.halite.config.membership;

import io.halite.config.store.DurableFile;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/**
 * Who a node is, for as long as it keeps its data: never an address, which may change.
 *
 * @param generation counts recoveries of the cluster; members of an older one are fenced
 * @param witness whether it only votes: it carries no traffic and leads only when nobody else can
 * @param started whether Raft has ever voted or been led here, so that its term and vote must be on disk
 */
public record NodeIdentity(String clusterId, int generation, String nodeId, String name, boolean witness, boolean started) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new node of a new cluster. */
    static NodeIdentity first(String name) {
        return new NodeIdentity(UUID.randomUUID().toString(), 1, newNodeId(), name, false, false);
    }

    /** An id that no other node has or had. */
    public static String newNodeId() {
        byte[] random = new byte[6];
        RANDOM.nextBytes(random);
        return "n-" + HexFormat.of().formatHex(random);
    }

    /** The name of the Raft group, which changes with the generation. */
    public String group() {
        return "h" + clusterId.replace("-", "").toLowerCase(Locale.ROOT) + "-g" + generation;
    }

    NodeIdentity withStarted() {
        return new NodeIdentity(clusterId, generation, nodeId, name, witness, true);
    }

    NodeIdentity withGeneration(int newGeneration) {
        return new NodeIdentity(clusterId, newGeneration, nodeId, name, witness, started);
    }

    void write(Path file) throws IOException {
        Tree.Mapping fields = fields();
        Tree.MappingBuilder signed = Tree.mapping();
        fields.entries().forEach(signed::put);
        signed.put("sha256", digest(fields));
        DurableFile.write(file, TreeText.prettyJson(signed.build()).getBytes(StandardCharsets.UTF_8));
    }

    private Tree.Mapping fields() {
        Tree.MappingBuilder fields = Tree.mapping().put("clusterId", clusterId).put("generation", generation)
                .put("nodeId", nodeId).put("name", name).put("started", started);
        if (witness) {
            // Left out where it is not so: files of versions that knew no witness stay as they are.
            fields.put("witness", true);
        }
        return fields.build();
    }

    private static String digest(Tree fields) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(TreeText.json(fields).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /**
     * Reads an identity.
     *
     * @throws DirectoryException when the file is missing, damaged or was edited
     */
    static NodeIdentity read(Path file) throws DirectoryException {
        try {
            Tree tree = TreeText.read(Files.readAllBytes(file), TreeLimits.REQUEST);
            if (tree instanceof Tree.Mapping fields) {
                NodeIdentity identity = new NodeIdentity(text(fields, "clusterId"),
                        fields.get("generation") instanceof Tree.Num number ? number.value().intValue() : 0,
                        text(fields, "nodeId"), text(fields, "name"), flag(fields, "witness"), flag(fields, "started"));
                if (text(fields, "sha256").equals(digest(identity.fields()))) {
                    return identity;
                }
            }
            throw new DirectoryException(file + " is damaged or was edited", MemberFiles.REJOIN);
        } catch (TreeSyntaxException e) {
            throw new DirectoryException(file + " is damaged: " + e.problem().message(), MemberFiles.REJOIN, e);
        } catch (IOException e) {
            throw new DirectoryException(file + " cannot be read: " + e, MemberFiles.REJOIN, e);
        }
    }

    private static boolean flag(Tree.Mapping fields, String key) {
        return fields.get(key) instanceof Tree.Bool flag && flag.value();
    }

    private static String text(Tree.Mapping fields, String key) {
        return fields.get(key) instanceof Tree.Text text ? text.value() : "";
    }
}
