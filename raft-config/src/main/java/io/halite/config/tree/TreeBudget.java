package io.halite.config.tree;

/** Counts what is read against {@link TreeLimits}. Confined to one read. */
final class TreeBudget {
    private final TreeLimits limits;
    private int depth;
    private long nodes;

    TreeBudget(TreeLimits limits) {
        this.limits = limits;
    }

    /** Takes this many values. */
    void take(long count, int line) throws TreeSyntaxException {
        nodes += count;
        if (nodes > limits.nodes()) {
            throw TreeText.failure(line, "TOO_MANY_VALUES", "the text has more than " + limits.nodes() + " values",
                    "aliases count as often as they are used");
        }
    }

    void enter(int line) throws TreeSyntaxException {
        if (++depth > limits.depth()) {
            throw TreeText.failure(line, "TOO_DEEP", "nested more than " + limits.depth() + " levels deep",
                    "no document needs that");
        }
    }

    void leave() {
        depth--;
    }

    /** How many values were taken so far. */
    long taken() {
        return nodes;
    }

    static TreeSyntaxException duplicate(String key, int line, int first) {
        return TreeText.failure(line, "DUPLICATE_KEY", "the key '" + key + "' was given already in line " + first,
                "remove or rename one of the two");
    }
}
