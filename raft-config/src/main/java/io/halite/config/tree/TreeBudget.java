package io.halite.config.tree;

import io.halite.config.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Counts what is read against {@link TreeLimits}, and knows where reading stands. Confined to one read. */
final class TreeBudget {
    private static final int MAX_QUOTED = 60;
    private static final int MAX_DUPLICATES = 1_000;

    private final TreeLimits limits;
    private final Consumer<Problem> duplicates;
    private final Deque<Object> path = new ArrayDeque<>();
    private int depth;
    private long nodes;
    private int repeated;

    TreeBudget(TreeLimits limits, Consumer<Problem> duplicates) {
        this.limits = limits;
        this.duplicates = duplicates;
    }

    /** Takes this many values. */
    void take(long count, int line) throws TreeSyntaxException {
        nodes += count;
        if (nodes > limits.nodes()) {
            throw failure(line, "TOO_MANY_VALUES", "the text has more than " + limits.nodes() + " values",
                    "aliases count as often as they are used");
        }
    }

    /** Goes into an object or list. */
    void enter(int line) throws TreeSyntaxException {
        if (++depth > limits.depth()) {
            throw failure(line, "TOO_DEEP", "nested more than " + limits.depth() + " levels deep",
                    "no document needs that");
        }
    }

    void leave() {
        depth--;
    }

    /** Goes to a key or a position of the object or list. */
    void into(Object key) {
        path.addLast(key);
    }

    void out() {
        path.removeLast();
    }

    /** How many values were taken so far. */
    long taken() {
        return nodes;
    }

    /** Reports a key that stands twice in the object that is being read; reading goes on. */
    void duplicate(String key, int line, int first) {
        if (++repeated > MAX_DUPLICATES) {
            return;
        }
        into(key);
        duplicates.accept(new Problem(Problem.Severity.ERROR, line, pointer(), "DUPLICATE_KEY",
                "the key '" + abbreviated(key) + "' was given already in line " + first,
                "remove or rename one of the two"));
        out();
    }

    /** A problem here that ends reading. */
    TreeSyntaxException failure(int line, String code, String message, String hint) {
        return new TreeSyntaxException(new Problem(Problem.Severity.ERROR, line, pointer(), code, message, hint));
    }

    private String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (Object key : path) {
            pointer.append('/').append(abbreviated(key.toString()).replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    private static String abbreviated(String text) {
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }
}
