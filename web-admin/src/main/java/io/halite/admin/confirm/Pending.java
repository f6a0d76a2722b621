package io.halite.admin.confirm;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.document.ConfigObjects;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A revision that waits for its confirmation.
 *
 * @param revision the number it has, or will have once its proposal is committed
 * @param base the last confirmed revision, to which it goes back
 * @param deadline when it goes back by itself
 * @param digest of its config: another proposal may have taken the number
 */
public record Pending(Revision revision, Revision base, Instant deadline, String author, String digest) {

    /** Whether this is what is waiting while the cluster is at that revision. */
    boolean isAbout(Revision current, ClusterConfig config) {
        return revision.equals(current) && digest.equals(digest(config));
    }

    static String digest(ClusterConfig config) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            ConfigObjects.encode(config).forEach((key, object) ->
                    sha256.update((key + "\n" + object + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    String encode() {
        return TreeText.json(Tree.mapping().put("revision", revision.number()).put("base", base.number())
                .put("deadline", deadline.toString()).put("author", author).put("digest", digest).build());
    }

    /** What a record says, or null when a newer version wrote one that cannot be understood. */
    static @Nullable Pending decode(String record) {
        try {
            Tree tree = TreeText.read(record.getBytes(StandardCharsets.UTF_8), TreeLimits.REQUEST);
            if (tree instanceof Tree.Mapping object
                    && object.get("revision") instanceof Tree.Num revision
                    && object.get("base") instanceof Tree.Num base
                    && object.get("deadline") instanceof Tree.Text deadline
                    && object.get("author") instanceof Tree.Text author
                    && object.get("digest") instanceof Tree.Text digest) {
                return new Pending(new Revision(revision.value().longValue()), new Revision(base.value().longValue()),
                        Instant.parse(deadline.value()), author.value(), digest.value());
            }
            return null;
        } catch (TreeSyntaxException | DateTimeException e) {
            return null;
        }
    }
}
