package io.halite.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of a load balancer; none is infinite but {@code total}.
 *
 * @param connect for a connection to a target
 * @param requestHeader for the whole head of a request, from its first byte
 * @param requestBody between two reads of a request body
 * @param responseHeader from the end of the request to the head of the response
 * @param idle of a kept-alive client connection, and between two reads of a response body
 * @param tunnel without a byte in either direction, after an upgrade or in a TCP relay
 * @param session of a UDP session without a datagram
 * @param total from the first byte of a request to the last of its response, retries included; null for no such limit
 * @param drain of connections whose listener is removed, or whose node is drained, to end by themselves
 */
public record Timeouts(
        Duration connect, Duration requestHeader, Duration requestBody, Duration responseHeader, Duration idle,
        Duration tunnel, Duration session, @Nullable Duration total, Duration drain) {
    /** Long enough for a resolver's retries, short enough that a flood of sources does not pile up. */
    private static final Duration DEFAULT_SESSION = Duration.ofSeconds(30);

    /** As long as a process that was taken over from goes on. */
    private static final Duration DEFAULT_DRAIN = Duration.ofMinutes(10);

    /** Never infinite: an unlimited default is how one slow peer takes a proxy down. */
    public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10),
            Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(75), Duration.ofHours(1));

    /** Deadlines with the defaults for sessions and drains and no total. */
    public Timeouts(
            Duration connect, Duration requestHeader, Duration requestBody, Duration responseHeader, Duration idle,
            Duration tunnel) {
        this(connect, requestHeader, requestBody, responseHeader, idle, tunnel, DEFAULT_SESSION, null, DEFAULT_DRAIN);
    }
}
