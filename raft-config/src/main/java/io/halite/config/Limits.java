package io.halite.config;

/**
 * What a client may send.
 *
 * @param body bytes of a request body; {@link #UNLIMITED} for none
 * @param headers bytes of a request head
 * @param headerCount header lines of a request
 */
public record Limits(long body, int headers, int headerCount) {
    public static final long UNLIMITED = Long.MAX_VALUE;
    public static final Limits DEFAULT = new Limits(UNLIMITED, 32 * 1024, 100);
}
