package io.halite.config;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the targets of a pool are probed.
 *
 * @param interval between two probes of one target in the steady state
 * @param timeout of one probe, from connecting to the verdict; at most the interval
 * @param rise successes in a row that make an unhealthy target healthy
 * @param fall failures in a row that make a healthy target unhealthy
 */
public record HealthCheck(Kind kind, Duration interval, Duration timeout, int rise, int fall) {
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    public static final int DEFAULT_RISE = 2;
    public static final int DEFAULT_FALL = 3;

    /** What a pool without {@code check} gets: a connection tells a dead target, and every target understands it. */
    public static final HealthCheck DEFAULT = of(Tcp.CONNECT);

    /** {@code check: none}: health stays unknown and every target eligible. */
    public static final HealthCheck NONE = of(new None());

    /** A check of this kind with every default. */
    public static HealthCheck of(Kind kind) {
        return new HealthCheck(kind, DEFAULT_INTERVAL, DEFAULT_TIMEOUT, DEFAULT_RISE, DEFAULT_FALL);
    }

    /** This check of another kind. */
    public HealthCheck withKind(Kind other) {
        return new HealthCheck(other, interval, timeout, rise, fall);
    }

    /** What a probe does and expects. */
    public sealed interface Kind {}

    /** No probes. */
    public record None() implements Kind {}

    /**
     * An HTTP request, in the version that the pool speaks.
     *
     * @param tls whether over TLS ({@code https})
     * @param host the Host header; null for the target's address
     * @param expect accepted status codes
     * @param body text the first 64 KiB of the response body must contain; null for any
     */
    public record Http(
            boolean tls, String path, String method, @Nullable String host, SortedMap<String, String> headers,
            List<StatusRange> expect, @Nullable String body) implements Kind {
        public static final String DEFAULT_PATH = "/";
        public static final String DEFAULT_METHOD = "GET";
        public static final List<StatusRange> DEFAULT_EXPECT = List.of(new StatusRange(200, 399));

        public Http {
            headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
            expect = List.copyOf(expect);
        }

        /** A GET of this path with every default. */
        public static Http get(String path) {
            return new Http(false, path, DEFAULT_METHOD, null, new TreeMap<>(Map.of()), DEFAULT_EXPECT, null);
        }
    }

    /** An inclusive range of status codes. */
    public record StatusRange(int from, int to) {}

    /**
     * A connection; then, if given, bytes sent and bytes expected in the answer.
     *
     * @param send null to send nothing
     * @param expect null to expect nothing
     */
    public record Tcp(@Nullable String send, @Nullable String expect) implements Kind {
        public static final Tcp CONNECT = new Tcp(null, null);
    }

    /** A TLS handshake. */
    public record Tls(@Nullable String serverName) implements Kind {}

    /** grpc.health.v1.Health/Check, over TLS when the pool's requests are. */
    public record Grpc(@Nullable String service) implements Kind {}

    /** A DNS query that must be answered with NOERROR. */
    public record Dns(String name, String type) implements Kind {}

    /** A datagram and what its answer must contain. */
    public record Udp(String send, @Nullable String expect) implements Kind {}

    /** HAProxy's agent-check protocol. */
    public record Agent(int port) implements Kind {}
}
