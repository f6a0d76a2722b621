package io.halite.appliance.cli.client;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;

/**
 * What a node answered to a request that succeeded.
 *
 * @param text the body
 * @param etag the revision it holds for, as the node spelt it; empty when it named none
 * @param stale whether the node answered without a quorum, from what it knew last
 */
public record Answer(String text, String etag, boolean stale) {

    /** The body as a JSON object; an empty body is an empty object. */
    public Fields fields() {
        return new Fields(object());
    }

    private Tree.Mapping object() {
        if (text.isBlank()) {
            return Tree.mapping().build();
        }
        try {
            if (TreeText.read(text.getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT) instanceof Tree.Mapping object) {
                return object;
            }
        } catch (TreeSyntaxException e) {
            throw new CommandFailure(ExitCode.FAILED, "the node's answer is not understood: " + e.getMessage(),
                    "is it a Halite node of the same version?");
        }
        throw new CommandFailure(ExitCode.FAILED, "the node's answer is not understood", "");
    }
}
