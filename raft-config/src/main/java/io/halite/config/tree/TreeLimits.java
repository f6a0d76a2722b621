package io.halite.config.tree;

/**
 * Bounds on text from outside.
 *
 * @param bytes length of the text
 * @param depth of nesting
 * @param nodes values in all, aliases expanded
 */
public record TreeLimits(int bytes, int depth, int nodes) {
    /** A config document: 16 MiB. */
    public static final TreeLimits DOCUMENT = new TreeLimits(16 << 20, 32, 2_000_000);
    /** A small request body. */
    public static final TreeLimits REQUEST = new TreeLimits(64 << 10, 16, 10_000);
}
