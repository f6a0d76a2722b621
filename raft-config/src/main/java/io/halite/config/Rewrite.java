package io.halite.config;

import org.jspecify.annotations.Nullable;

/**
 * What a target sees instead of what the client asked for; the query stays.
 *
 * @param host the Host header; null for the client's
 * @param path how the path changes; null for the client's
 */
public record Rewrite(@Nullable String host, @Nullable Path path) {
    public static final Rewrite NONE = new Rewrite(null, null);

    /** How a path changes. */
    public sealed interface Path {}

    /** Another path altogether. */
    public record Whole(String path) implements Path {}

    /** Replaces the prefix that the route matched. */
    public record Prefix(String prefix) implements Path {}

    /**
     * Replaces the first match of a linear-time (RE2) expression.
     *
     * @param replacement with {@code $1} for the first group
     */
    public record Regex(String expression, String replacement) implements Path {}
}
