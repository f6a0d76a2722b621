package io.halite.config;

/**
 * What clients may send and hold.
 *
 * @param body bytes of a request body; {@link #UNLIMITED} for none
 * @param headers bytes of a request head, at most {@link #MAX_HEADERS}
 * @param headerCount header lines of a request, at most {@link #MAX_HEADER_COUNT}
 * @param connections open connections of a listener on one node; {@link #NO_LIMIT} for what the node can hold
 * @param connectionsPerSource those of one client address (IPv6: one /64); {@link #NO_LIMIT} for none
 * @param requestRate bytes a second of a request body below which its client uses up its time; 0 for any
 * @param responseRate bytes a second of a waiting response below which its client uses up its time; 0 for any
 */
public record Limits(long body, int headers, int headerCount, int connections, int connectionsPerSource,
        int requestRate, int responseRate) {
    public static final long UNLIMITED = Long.MAX_VALUE;
    public static final int NO_LIMIT = Integer.MAX_VALUE;
    /** A relay loop reads a head into one buffer of this size. */
    public static final int MAX_HEADERS = 64 * 1024;
    public static final int MAX_HEADER_COUNT = 1_000;
    /** Little for the slowest of modems, and much for somebody who holds ten thousand connections. */
    public static final int SLOWEST = 240;
    public static final Limits DEFAULT = new Limits(UNLIMITED, 32 * 1024, 100);

    /** Limits of requests alone. */
    public Limits(long body, int headers, int headerCount) {
        this(body, headers, headerCount, NO_LIMIT, NO_LIMIT, SLOWEST, SLOWEST);
    }
}
