package io.halite.config.tree;

import io.halite.config.Problem;

/** Text that is no tree: the problem says where and why. */
public final class TreeSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public TreeSyntaxException(Problem problem) {
        super("line " + problem.line() + ": " + problem.message());
        this.problem = problem;
    }

    /** Where and why. */
    public Problem problem() {
        return problem;
    }
}
