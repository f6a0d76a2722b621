package io.halite.config;

/** How a route compares the path of a request (without the query). */
public sealed interface PathMatch {

    /** Every path. */
    PathMatch ANY = new Prefix("/");

    /** The whole path, byte for byte. */
    record Exact(String path) implements PathMatch {}

    /** The beginning of the path; {@code /checkout*} in the document. */
    record Prefix(String prefix) implements PathMatch {}

    /** {@code *} matches within a segment, {@code **} across segments, {@code ?} one character. */
    record Glob(String pattern) implements PathMatch {}

    /** A linear-time (RE2) expression that must match the whole path. */
    record Regex(String expression) implements PathMatch {}
}
