package io.halite.config.document;

import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.tree.Tree;
import java.util.List;

/** The {@code halite/v1} document: parse with every problem at once, validate, and write canonically. Stateless. */
public final class ConfigDocument {
    private ConfigDocument() {}

    /** The outcome of reading a document. */
    public sealed interface Outcome {
        /** Problems in the order of the text. */
        List<Problem> problems();

        /** The document may be applied; {@code problems} holds warnings only. */
        record Valid(ClusterConfig config, List<Problem> problems) implements Outcome {}

        /** The document is refused; {@code problems} holds at least one error. */
        record Invalid(List<Problem> problems) implements Outcome {}
    }

    /** Reads YAML or JSON text. */
    public static Outcome read(byte[] text, DocumentRules rules) {
        throw new UnsupportedOperationException("pending");
    }

    /** Reads a tree. */
    public static Outcome read(Tree tree, DocumentRules rules) {
        throw new UnsupportedOperationException("pending");
    }

    /** The canonical tree: sorted names, defaults left out, short forms where they say it all. */
    public static Tree write(ClusterConfig config) {
        throw new UnsupportedOperationException("pending");
    }

    /** The canonical YAML text. */
    public static String yaml(ClusterConfig config) {
        throw new UnsupportedOperationException("pending");
    }
}
