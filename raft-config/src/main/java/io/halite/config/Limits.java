package io.halite.config;

/**
 * What a client may send.
 *
 * @param body bytes of a request body; {@link #UNLIMITED} for none
 * @param headers bytes of a request head, at most {@link #MAX_HEADERS}
 * @param headerCount header lines of a request, at most {@link #MAX_HEADER_COUNT}
 */
public record Limits(long body, int headers, int headerCount) {
    public static final long UNLIMITED = Long.MAX_VALUE;
    /** A relay loop reads a head into one buffer of this size. */
    public static final int MAX_HEADERS = 64 * 1024;
    public static final int MAX_HEADER_COUNT = 1_000;
    public static final Limits DEFAULT = new Limits(UNLIMITED, 32 * 1024, 100);
}
