package io.halite.config.tree;

/** Reads and writes {@link Tree}s as JSON and YAML. Stateless. */
public final class TreeText {
    private TreeText() {}

    /**
     * Reads JSON, or YAML 1.2 if it is not JSON by its first character, within {@link TreeLimits}.
     *
     * @throws TreeSyntaxException with the line, when the text is neither, repeats a key or exceeds a limit
     */
    public static Tree read(byte[] text, TreeLimits limits) throws TreeSyntaxException {
        throw new UnsupportedOperationException("pending");
    }

    /** Compact JSON on one line. */
    public static String json(Tree tree) {
        throw new UnsupportedOperationException("pending");
    }

    /** JSON, indented by two. */
    public static String prettyJson(Tree tree) {
        throw new UnsupportedOperationException("pending");
    }

    /** Block-style YAML, indented by two, that reads back as the same tree. */
    public static String yaml(Tree tree) {
        throw new UnsupportedOperationException("pending");
    }
}
