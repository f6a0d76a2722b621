package io.halite.admin.http;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two spellings of a value. */
enum Format {
    JSON(Answer.JSON), YAML(Answer.YAML);

    private final String contentType;

    Format(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    String text(Tree tree) {
        return this == JSON ? TreeText.json(tree) + "\n" : TreeText.yaml(tree);
    }

    /** What an {@code Accept} header likes best (RFC 9110 §12.5.1), JSON when it does not care; null for neither. */
    static @Nullable Format accepted(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return JSON;
        }
        double json = quality(accept, Answer.JSON);
        double yaml = Math.max(quality(accept, Answer.YAML),
                Math.max(exact(accept, "text/yaml"), exact(accept, "application/x-yaml")));
        if (json <= 0 && yaml <= 0) {
            return null;
        }
        return yaml > json ? YAML : JSON;
    }

    /** How much a type is liked: the most specific range that covers it decides. */
    private static double quality(String accept, String type) {
        double exact = exact(accept, type);
        if (exact >= 0) {
            return exact;
        }
        double group = exact(accept, type.substring(0, type.indexOf('/') + 1) + "*");
        return group >= 0 ? group : exact(accept, "*/*");
    }

    /** The quality of exactly this range; -1 when it is not there. */
    private static double exact(String accept, String range) {
        for (String part : accept.split(",", 50)) {
            String[] pieces = part.strip().toLowerCase(Locale.ROOT).split(";", 10);
            if (pieces[0].strip().equals(range)) {
                return quality(pieces);
            }
        }
        return -1;
    }

    private static double quality(String[] pieces) {
        for (int i = 1; i < pieces.length; i++) {
            String piece = pieces[i].strip();
            if (piece.matches("q=[01](\\.[0-9]{0,3})?")) {
                return Double.parseDouble(piece.substring(2));
            }
        }
        return 1;
    }
}
