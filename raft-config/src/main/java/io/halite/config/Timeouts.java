package io.halite.config;

import java.time.Duration;

/**
 * The deadlines of a load balancer; none is infinite.
 *
 * @param connect for a connection to a target
 * @param requestHeader for the whole head of a request, from its first byte
 * @param requestBody between two reads of a request body
 * @param responseHeader from the end of the request to the head of the response
 * @param idle of a kept-alive client connection, and between two reads of a response body
 * @param tunnel without a byte in either direction, after an upgrade or in a TCP relay
 */
public record Timeouts(
        Duration connect, Duration requestHeader, Duration requestBody, Duration responseHeader, Duration idle,
        Duration tunnel) {

    /** Never infinite: an unlimited default is how one slow peer takes a proxy down. */
    public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10),
            Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(75), Duration.ofHours(1));
}
