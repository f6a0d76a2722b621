package io.halite.config.membership;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.time.Instant;

/**
 * A join token as the store knows it.
 *
 * @param sealedVerifier checks proofs of its secret; sealed with the cluster's key
 * @param uses how many nodes may still join by it
 */
record TokenRecord(String sealedVerifier, int uses, Instant expires, String author) {

    String json() {
        return TreeText.json(Tree.mapping().put("verifier", sealedVerifier).put("uses", uses)
                .put("expires", expires.toString()).put("author", author).build());
    }

    static TokenRecord of(String json) {
        JsonFields fields = JsonFields.of(json);
        return new TokenRecord(fields.text("verifier"), (int) fields.number("uses"),
                Instant.parse(fields.text("expires")), fields.text("author"));
    }

    TokenRecord used() {
        return new TokenRecord(sealedVerifier, uses - 1, expires, author);
    }
}
